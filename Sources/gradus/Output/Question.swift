import Glibc
import PromotionEngine

/// Questions to a person, asked on a terminal only: elsewhere a command goes on as it was called.
struct Question {
    let settings: Settings

    private var canAsk: Bool { Terminal.isInteractive && !settings.yes }

    /// Asks to type the name of a production stage before it is changed. Throws when the answer is another.
    func confirm(_ what: String, typing name: String) throws {
        guard canAsk else { return }
        Console.write("\(TerminalText.escaped(what))\nType \(name) to go on: ", to: STDERR_FILENO)
        guard readLine(strippingNewline: true)?.trimmed == name else {
            throw PromotionError(.refused, "not confirmed; nothing was changed", hint: "--yes goes on without a question")
        }
    }

    /// Asks for a yes. Throws when the answer is anything else.
    func confirm(_ what: String) throws {
        guard canAsk else { return }
        Console.write("\(TerminalText.escaped(what)) [y/N] ", to: STDERR_FILENO)
        let answer = (readLine(strippingNewline: true) ?? "").trimmed.lowercased()
        guard answer == "y" || answer == "yes" else {
            throw PromotionError(.refused, "not confirmed; nothing was recorded", hint: "--yes answers every question with yes")
        }
    }

    /// Whether there is anyone to show something to before the question.
    var isAsked: Bool { canAsk }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " || $0 == "\r" }.reversed()) }
}
