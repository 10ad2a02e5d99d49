# The sample, with checkout 1.4.2 in staging and everything posted that prod asks for but an approval.
source "$PROJECT/scripts/doc-scenes/sample.sh"
{
    gradus release create checkout 1.4.2 --author sam --actor ci
    gradus report checkout 1.4.2 test_pass_rate=100 code_coverage=91 security_scan=pass --actor ci
    gradus report checkout 1.4.2 integration_tests=pass smoke_tests=pass performance_baseline=met --actor ci
    gradus report checkout 1.4.2 change_advisory=approved --actor cab
    gradus reconcile --actor ci
    gradus promote checkout --to staging
} >/dev/null 2>&1
