# A clone of the sample's repository; its origin stands beside it. Whoever types is Rita, a release manager.
git config --global user.name 'Rita Calloway'
git config --global user.email rita@example.com
git config --global init.defaultBranch main
export GRADUS_ACTOR=rita
mkdir seed
cp -R "$PROJECT/workflows" "$PROJECT/environments" "$PROJECT/templates" seed
git -C seed init -q
git -C seed add -A
git -C seed commit -q -m 'BookVerse as it runs today'
git clone -q --bare seed origin.git
git -C origin.git remote remove origin
rm -rf seed
git clone -q origin.git work
cd work
