import Synchronization

/// The credential helpers of the user's Git configuration (gitcredentials(7)).
struct CredentialHelpers {
    private let commands: [String]
    /// What was given for a server and taken by it, so that a run asks once.
    private static let taken = Mutex<[String: Answer]>([:])

    private struct Answer {
        let user: String
        let password: String
    }
    private static let operation = "ask the credential helper"
    /// A helper may open a browser.
    private static let patience = 120_000

    /// Those that are configured for a URL, in the order of the configuration; an empty value forgets the ones before it.
    init(for url: RemoteURL) throws(GitError) {
        var commands: [String] = []
        for (key, value) in try UserConfiguration.values(matching: "^credential\\..*helper$") {
            let scope = key.dropFirst("credential.".count).dropLast("helper".count)
            guard scope.isEmpty || Self.covers(String(scope.dropLast()), url) else { continue }
            if value.isEmpty { commands = [] } else { commands.append(value) }
        }
        self.commands = commands
    }

    private static func covers(_ scope: String, _ url: RemoteURL) -> Bool {
        guard let pattern = RemoteURL(scope.contains("://") ? scope : "https://" + scope), pattern.host == url.host else { return false }
        guard pattern.scheme == url.scheme, pattern.port == url.port else { return false }
        return pattern.path.isEmpty || pattern.path == "/" || url.path.hasPrefix(pattern.path)
    }

    /// The first full answer: user and password.
    func get(_ url: RemoteURL) throws(GitError) -> (user: String, password: String)? {
        let place = Self.description(of: url, user: url.user, password: nil)
        if let known = Self.taken.withLock({ $0[place] }) { return (known.user, known.password) }
        for command in commands {
            let result = try run(command, "get", Self.description(of: url, user: url.user, password: nil))
            // A helper that has nothing says nothing, or fails: the next one is asked.
            var answer: [Substring: Substring] = [:]
            for line in result.text.split(whereSeparator: \.isNewline) {
                guard let mark = line.firstIndex(of: "=") else { continue }
                answer[line[..<mark]] = line[line.index(after: mark)...]
            }
            if let password = answer["password"], let user = answer["username"].map(String.init) ?? url.user {
                return (user, String(password))
            }
        }
        return nil
    }

    /// Tells the helpers that credentials were taken (`store`) or refused (`erase`).
    func tell(_ word: String, _ url: RemoteURL, user: String, password: String) throws(GitError) {
        let place = Self.description(of: url, user: url.user, password: nil)
        let isNews = Self.taken.withLock { taken in
            let answer = word == "store" ? Answer(user: user, password: password) : nil
            let old = taken.updateValue(answer ?? Answer(user: "", password: ""), forKey: place)
            if answer == nil { taken[place] = nil }
            return answer == nil || old?.password != password
        }
        guard isNews else { return }
        for command in commands { _ = try run(command, word, Self.description(of: url, user: user, password: password)) }
    }

    private static func description(of url: RemoteURL, user: String?, password: String?) -> String {
        var lines = ["protocol=\(url.scheme)", "host=\(url.host)\(url.port.map { ":\($0)" } ?? "")"]
        if let user { lines.append("username=\(user)") }
        if let password { lines.append("password=\(password)") }
        return lines.joined(separator: "\n") + "\n\n"
    }

    /// `!command`, an absolute path, or the end of `git credential-NAME`; by the shell, as git does it.
    private func run(_ command: String, _ word: String, _ input: String) throws(GitError) -> Program.Result {
        guard !input.utf8.contains(0) else { throw .refused(Self.operation, command, "the URL contains a NUL byte") }
        let line =
            if command.hasPrefix("!") {
                String(command.dropFirst())
            } else if command.hasPrefix("/") {
                command
            } else {
                "git credential-\(command)"
            }
        return try Program.run(
            ["/bin/sh", "-c", "\(line) \(word)"], input: Array(input.utf8), adding: ["GIT_TERMINAL_PROMPT": "0"],
            timeoutMilliseconds: Self.patience, Self.operation)
    }
}
