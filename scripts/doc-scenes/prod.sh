# The sample, with checkout 1.4.2 and then 1.4.3 in prod.
source "$PROJECT/scripts/doc-scenes/sample.sh"
for version in 1.4.2 1.4.3; do
    gradus release create checkout $version --author sam --actor ci
    gradus report checkout $version test_pass_rate=100 code_coverage=91 security_scan=pass --actor ci
    gradus report checkout $version integration_tests=pass smoke_tests=pass performance_baseline=met --actor ci
    gradus report checkout $version change_advisory=approved --actor cab
    gradus reconcile --actor ci
    gradus promote checkout --to staging
    gradus promote checkout --to prod || true
    gradus approve checkout@prod --actor olga
    gradus promote checkout --to prod
done >/dev/null 2>&1
