# An empty folder, and somebody who commits.
git config --global user.name 'Rita Calloway'
git config --global user.email rita@example.com
git config --global init.defaultBranch main
