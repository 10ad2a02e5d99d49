import ArgumentParser
import Manifests
import PromotionEngine

struct ReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Manage releases",
        subcommands: [Create.self, List.self, Show.self, Yank.self])

    struct Yank: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "yank", abstract: "Take a release back: no stage lets it in any more",
            discussion: "Example:\n  gradus release yank checkout 1.4.2 --reason \"loses orders\"")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The service")
        var service: String

        @Argument(help: "The version")
        var version: String

        @Option(help: "Why, for the record")
        var reason: String

        @Flag(help: "Check everything; record nothing")
        var dryRun = false

        func run() throws {
            let session = try Session(global, for: .writing)
            let report = try session.conductor.yank(version, of: service, reason: reason, dryRun: dryRun)
            RecordText.show(report, session.console, done: "Yanked \(service) \(version).", same: "\(service) \(version) is yanked already.")
        }
    }

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Register a version of a service",
            discussion: """
                Example:
                  gradus release create checkout 1.4.2 --image registry.example/checkout:1.4.2 --commit "$SHA" --author olga

                Registering the same content again changes nothing; other content under the same version is a conflict.
                """)

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The service")
        var service: String

        @Argument(help: "The version")
        var version: String

        @Option(help: ArgumentHelp("A container image (can be repeated)", valueName: "ref[@digest]"))
        var image: [String] = []

        @Option(help: ArgumentHelp("A chart version (can be repeated)", valueName: "name=version"))
        var chart: [String] = []

        @Option(help: "The source commit")
        var commit: String?

        @Option(help: "Who wrote the change (can be repeated)")
        var author: [String] = []

        @Option(help: "A version whose changes are in this one, such as a hotfix (can be repeated)")
        var contains: [String] = []

        @Option(help: ArgumentHelp("Why nothing goes back past this version by itself, such as a migration: a hold takes the place of its rollback", valueName: "reason"))
        var irreversible: String?

        @Option(help: "The CI run")
        var ciUrl: String?

        @Flag(help: "Check everything; record nothing")
        var dryRun = false

        func run() throws {
            let release = Release(
                service: service, version: version, workflow: "", images: try parseImages(),
                charts: try Assignments.parse(chart, what: "--chart"), commit: commit, authors: author,
                ciURL: ciUrl ?? CIRun.url, contains: contains, irreversible: irreversible)
            let session = try Session(global, for: .writing)
            let report = try session.conductor.register(release, dryRun: dryRun)
            RecordText.show(report, session.console, done: "Registered \(service) \(version).", same: "\(service) \(version) is registered already.")
        }

        /// Throws for what is no image, and for a name that is given twice: the first would win, unseen.
        private func parseImages() throws -> [Release.Image] {
            let images = try image.map(parseImage)
            for (position, image) in images.enumerated() where images[..<position].contains(where: { $0.name == image.name }) {
                throw PromotionError(.usage, "the image '\(image.name)' is given twice", hint: "a release has one reference for each image: NAME:TAG@DIGEST holds both")
            }
            return images
        }

        private func parseImage(_ text: String) throws -> Release.Image {
            guard let reference = ImageReference(text), reference.tag != nil || reference.digest != nil else {
                throw PromotionError(
                    .usage, "'\(text)' is no image with a tag or digest", hint: "write NAME:TAG, NAME@sha256:… or NAME:TAG@sha256:…")
            }
            if let fault = reference.fault {
                throw PromotionError(.usage, "'\(text)' is no image: \(fault)", hint: "write NAME:TAG, NAME@sha256:… or NAME:TAG@sha256:…")
            }
            return Release.Image(name: reference.name, tag: reference.tag, digest: reference.digest)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List releases, oldest first", discussion: "Example:\n  gradus release list checkout")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "Only this service")
        var service: String?

        func run() throws {
            let session = try Session(global)
            let releases = try session.conductor.releases(of: service)
            session.console.show(
                [
                    "apiVersion": "gradus/v1", "kind": "ReleaseList",
                    "releases": .array(releases.map { ReleaseText.json($0) }),
                ]
            ) {
                if releases.isEmpty { return "No release\(service.map { " of \($0)" } ?? "") is registered." }
                let (style, time) = (session.console.style, RelativeTime(session))
                var table = Table(["SERVICE", "VERSION", "REGISTERED", "BY", "IMAGES", "WHERE"].map(style.dim))
                for release in releases {
                    table.add([
                        release.release.service, release.version + (release.yanked == nil ? "" : style.red(" yanked")), style.dim(time.text(release.registeredAt)), release.registeredBy,
                        release.release.images.map(ReleaseText.reference).joined(separator: " "),
                        release.outcomes.keys.sorted().map { "\($0): \(release.outcomes[$0]?.rawValue ?? "")" }
                            .joined(separator: ", "),
                    ])
                }
                return table.text
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a release with its evidence and where it has been",
            discussion: "Example:\n  gradus release show checkout 1.4.2")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The service")
        var service: String

        @Argument(help: "The version")
        var version: String

        func run() throws {
            let session = try Session(global)
            let (release, _) = try session.conductor.showRelease(version, of: service)
            var document: [String: JSONValue] = ["apiVersion": "gradus/v1", "kind": "Release"]
            if case .object(let members) = ReleaseText.json(release) { document.merge(members) { $1 } }
            session.console.show(.object(document)) { ReleaseText.text(release, session.console.style) }
        }
    }
}
