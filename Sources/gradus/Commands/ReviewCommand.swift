import ArgumentParser
import PromotionEngine

struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "See and close the reviews of what was admitted past gates",
        subcommands: [List.self, Close.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the reviews that are open", discussion: "Example:\n  gradus review list --service checkout")

        @OptionGroup var global: GlobalOptions

        @Option(help: "Only this service")
        var service: String?

        func run() throws {
            let session = try Session(global)
            let reviews = try session.conductor.reviews(service: service)
            session.console.show(["apiVersion": "gradus/v1", "kind": "ReviewList", "reviews": .array(reviews.map(\.json))]) {
                if reviews.isEmpty { return "No review is open." }
                let (style, time) = (session.console.style, RelativeTime(session))
                var table = Table(["ID", "SERVICE", "VERSION", "STAGE", "PAST", "BY", "SINCE", "REASON"].map(style.dim))
                for entry in reviews {
                    let review = entry.review
                    table.add([
                        review.id, entry.service, review.version, review.stage, review.gates.joined(separator: ", "), review.by,
                        style.dim(time.text(review.since)), review.reason,
                    ])
                }
                return table.text
            }
        }
    }

    struct Close: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "close", abstract: "Record what was found; for somebody else than who broke glass",
            discussion: "Example:\n  gradus review close review-31 --reason \"the fix was tested in staging since\"")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The review's id")
        var id: String

        @Option(help: "What was found, for the record")
        var reason: String

        @Flag(help: "Check everything; record nothing")
        var dryRun = false

        func run() throws {
            let session = try Session(global, for: .writing)
            let report = try Repetition(session).report(of: id, ended: .review) {
                try session.conductor.closeReview(id, reason: reason, dryRun: dryRun)
            }
            RecordText.show(report, session.console, done: "Closed \(id).", same: "\(id) is closed already.")
        }
    }
}
