internal import Glibc

/// The whole environment of the programs under test: a home of their own, and nothing of the machine's user.
package struct HermeticEnvironment: Sendable {
    /// Holds the home, and goes away with the last copy.
    package let folder: TemporaryFolder
    package let variables: [String: String]

    /// A new home. Git commits there in the name of Rita Release.
    package init() throws {
        folder = try TemporaryFolder()
        // libgit2 1.5 finds it in the home only, git by the variable.
        try folder.write(
            "home/.gitconfig",
            """
            [user]
            \tname = Rita Release
            \temail = rita@example.com
            [init]
            \tdefaultBranch = main
            \ttemplateDir =
            [core]
            \tfsync = none
            [gc]
            \tauto = 0

            """)
        variables = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder("home"), "XDG_CACHE_HOME": folder("cache"),
            "XDG_CONFIG_HOME": folder("config"), "GIT_CONFIG_GLOBAL": folder("home/.gitconfig"),
            "GIT_CONFIG_SYSTEM": "/dev/null", "TZ": "UTC", "LANG": "C.UTF-8",
        ]
    }

    /// Hides the user's configuration from libgit2 inside this process.
    ///
    /// libgit2 looks for it once, when it starts: call before any test opens a repository. Only the first call counts.
    package static func hideUserConfiguration() { _ = hidden }

    private static let hidden: Void = {
        setenv("HOME", "/nonexistent", 1)
        setenv("XDG_CONFIG_HOME", "/nonexistent", 1)
    }()
}
