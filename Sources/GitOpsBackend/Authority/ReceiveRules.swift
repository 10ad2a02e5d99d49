internal import GitKit
internal import Glibc

/// What a repository's server side would enforce on a push and a direct write would bypass.
enum ReceiveRules {
    private static let hooks = ["pre-receive", "update", "post-receive", "post-update"]
    private static let settings = ["receive.denycurrentbranch", "receive.denynonfastforwards", "receive.denydeletes", "receive.denydeletecurrent"]

    /// Throws when the repository has an executable receive hook, a `receive.deny*` setting, or the branch checked out.
    static func check(_ repository: Repository, name: String, reference: String) throws(GitError) {
        let advice = "reach it by ssh, https or git:// instead, where the server applies its own rules"
        let folder = try repository.configString("core.hookspath") ?? repository.commonDirectory + "hooks"
        for hook in hooks {
            let path = (folder.hasSuffix("/") ? folder : folder + "/") + hook
            if access(path, X_OK) == 0 {
                throw .refused("write to", name, "it has a \(hook) hook, which a direct write would bypass; \(advice)")
            }
        }
        for setting in settings where try repository.configString(setting) != nil {
            throw .refused("write to", name, "it sets \(setting), which a direct write would bypass; \(advice)")
        }
        if !repository.isBare, try repository.symbolicTarget("HEAD") == reference {
            throw .refused(
                "write to", name, "\(reference) is checked out in its work tree, which would fall behind; use a bare repository, or run gradus in that work tree"
            )
        }
    }
}
