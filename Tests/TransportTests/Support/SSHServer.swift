import Glibc
import TestSupport

/// OpenSSH's server on the loopback interface, with a host key and one user key of its own. Ends with the value.
final class SSHServer {
    static let isThere = access("/usr/sbin/sshd", X_OK) == 0

    let port: UInt16
    /// The private key that is let in.
    let key: String
    private let command: RunningCommand
    private let folder: TemporaryFolder
    private let user: String
    private let base: String

    init(_ yard: Yard) throws {
        folder = try TemporaryFolder()
        port = try Ports.free()
        base = yard.environment.folder.path
        user = try yard.tool(["id", "-un"])
        key = try yard.sshKey("login")
        let hostKey = try yard.sshKey("host")
        try folder.write("authorized", try yard.publicKey(key) + "\n")
        // As root it wants the folder that its service would make.
        if getuid() == 0 { mkdir("/run/sshd", 0o755) }
        let lines = [
            "Port \(port)", "ListenAddress 127.0.0.1", "HostKey \(hostKey)", "AuthorizedKeysFile \(folder("authorized"))",
            "PidFile none", "StrictModes no", "UsePAM no", "PasswordAuthentication no", "MaxStartups 500", "PermitUserEnvironment no",
        ]
        try folder.write("sshd.conf", lines.joined(separator: "\n") + "\n")
        command = try CommandRunner(yard.environment).start(["/usr/sbin/sshd", "-D", "-e", "-f", folder("sshd.conf")])
        try Ports.waitUntilOpen(port)
        try yard.environment.folder.write("home/.ssh/known_hosts", "[127.0.0.1]:\(port) \(try yard.publicKey(hostKey))\n")
        yard.kept.append(self)
    }

    func url(_ name: String = "origin.git") -> String { "ssh://\(user)@127.0.0.1:\(port)\(base)/\(name)" }

    var variables: [String: String] { ["GRADUS_SSH_KEY": key] }
}
