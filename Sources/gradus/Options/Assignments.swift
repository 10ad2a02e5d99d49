import PromotionEngine

/// `KEY=VALUE` arguments.
enum Assignments {
    /// Whether a text can be the name of an evidence key.
    static func isKey(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 100 && text.utf8.allSatisfy(isKeyByte)
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
            || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
    }

    /// Throws a usage error for a text without `=`, an odd key, a key given twice, and a value with control characters.
    static func parse(_ texts: [String], what: String) throws -> [String: String] {
        var values: [String: String] = [:]
        for text in texts {
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw PromotionError(.usage, "'\(text)' is not of the form KEY=VALUE", hint: "\(what) takes KEY=VALUE")
            }
            let key = String(text[..<equals])
            let value = String(text[text.index(after: equals)...])
            guard isKey(key) || key.utf8.allSatisfy({ $0 == UInt8(ascii: "/") || isKeyByte($0) }), key.utf8.count <= 100 else { throw PromotionError(.usage, "'\(key)' is no key") }
            guard !value.isEmpty, value.utf8.count <= 1_000, !value.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
            else {
                throw PromotionError(.usage, "the value of '\(key)' is empty, longer than 1000 bytes, or holds control characters")
            }
            guard values.updateValue(value, forKey: key) == nil else {
                throw PromotionError(.usage, "'\(key)' is given twice")
            }
        }
        return values
    }
}

/// Where the CI says that it runs.
enum CIRun {
    /// From the usual variables of GitHub Actions, GitLab CI, Jenkins and Buildkite, without any user; nil outside of them.
    static var url: String? { variable.map(URLSecret.removed) }

    private static var variable: String? {
        if let server = Settings.variable("GITHUB_SERVER_URL"), let repository = Settings.variable("GITHUB_REPOSITORY"),
            let run = Settings.variable("GITHUB_RUN_ID")
        {
            return "\(server)/\(repository)/actions/runs/\(run)"
        }
        return Settings.variable("CI_JOB_URL") ?? Settings.variable("BUILD_URL") ?? Settings.variable("BUILDKITE_BUILD_URL")
    }

    /// The id of the whole run, which all its jobs share; nil outside of a CI.
    static var id: String? {
        for name in ["GITHUB_RUN_ID", "CI_PIPELINE_ID", "BUILDKITE_BUILD_ID", "BUILD_TAG"] {
            if let id = Settings.variable(name) { return id }
        }
        return nil
    }
}
