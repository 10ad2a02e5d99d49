import Glibc
import TestSupport
import Testing

/// Screens that are kept in files: what a person sees stays as it was looked at.
///
/// With `GRADUS_WRITE_SNAPSHOTS=1` they are written instead of compared; look at every one before it is committed.
enum Snapshot {
    private static let folder = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Snapshots"

    static func expect(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let path = "\(folder)/\(name).txt"
        let shown = normalised(text)
        if getenv("GRADUS_WRITE_SNAPSHOTS") != nil {
            let file = try #require(fopen(path, "w"), "cannot write \(path)")
            fputs(shown, file)
            fclose(file)
            return
        }
        let kept = try TemporaryFolder.read(path)
        #expect(shown == kept, "\(name) looks different; GRADUS_WRITE_SNAPSHOTS=1 writes it anew", sourceLocation: sourceLocation)
    }

    /// Ids of commits and digests differ from run to run; their places do not. Escapes become readable.
    static func normalised(_ text: String) -> String {
        var result = ""
        var word = ""
        func flush() {
            let isID = word.count >= 7 && word.allSatisfy(\.isHexDigit) && word.contains(where: \.isNumber)
            result += isID ? String(repeating: "#", count: word.count) : word
            word = ""
        }
        for character in text {
            if character.isASCII, character.isHexDigit, !character.isUppercase {
                word.append(character)
            } else {
                flush()
                result += character == "\u{1B}" ? "␛" : String(character)
            }
        }
        flush()
        return result
    }
}
