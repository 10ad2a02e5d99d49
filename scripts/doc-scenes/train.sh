# The sample, with releases of three services in staging and everything posted that prod asks for but approvals.
source "$PROJECT/scripts/doc-scenes/sample.sh"
for service in inventory checkout web; do
    gradus release create $service 2.0.0 --actor ci
    gradus report $service 2.0.0 test_pass_rate=100 code_coverage=91 security_scan=pass --actor ci
    gradus report $service 2.0.0 integration_tests=pass smoke_tests=pass performance_baseline=met --actor ci
    gradus report $service 2.0.0 change_advisory=approved --actor cab
done >/dev/null 2>&1
{
    gradus reconcile --actor ci
    for service in inventory checkout web; do gradus promote $service --to staging; done
} >/dev/null 2>&1
