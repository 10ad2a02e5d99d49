public import ArgumentParser
public import PromotionEngine

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Post evidence about a release, or the health of a stage",
        discussion: """
            Examples:
              gradus report checkout 1.4.2 test_pass_rate=100 security_scan=pass
              gradus report checkout 1.4.2 --stage qa smoke_tests=pass
              gradus report checkout 1.4.2 --junit results.xml --cobertura coverage.xml --sarif scan.sarif
              gradus report checkout 1.4.2 --junit smoke_tests=smoke.xml --part 2/5
              gradus report checkout 1.4.2 --stage qa --health Healthy --revision "$DEPLOYED_SHA"
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The service", completion: LiveNames.services)
    var service: String

    @Argument(help: "The version; it must be registered", completion: LiveNames.versions)
    var version: String

    @Argument(help: ArgumentHelp("Evidence", valueName: "key=value"))
    var values: [String] = []

    @Option(help: "Count the evidence only for leaving this stage; the stage of --health", completion: LiveNames.stages)
    var stage: String?

    @OptionGroup var reports: ReportOptions

    @Option(help: "Healthy, Progressing, Degraded, Suspended, Missing or Unknown")
    var health: HealthStatus?

    @Option(help: "The full id of the commit that the environment runs")
    var revision: String?

    @Option(help: "The CI run")
    var ciUrl: String?

    @Flag(help: "Check everything; record nothing")
    var dryRun = false

    func validate() throws {
        if values.isEmpty && reports.isEmpty && health == nil {
            throw ValidationError("There is nothing to report: give KEY=VALUE, a report file or --health.")
        }
        if health != nil, stage == nil || revision == nil {
            throw ValidationError("--health needs --stage and --revision: health counts only for the commit that was seen.")
        }
        let digits = Set("0123456789abcdefABCDEF")
        if let revision, revision.count != 40 || !revision.allSatisfy(digits.contains) {
            throw ValidationError("--revision takes all 40 hexadecimal digits of a commit's id, not '\(revision)'.")
        }
        if health == nil, revision != nil { throw ValidationError("--revision goes with --health.") }
    }

    func run() throws {
        let parsed = try Assignments.parse(values, what: "report")
        let files = try reports.files(beside: parsed)
        let session = try Session(global, for: .writing)
        if !parsed.isEmpty || !files.isEmpty {
            let report = try session.conductor.post(
                parsed, files: files, part: reports.part, run: reports.run ?? CIRun.id, service: service, version: version,
                stage: stage, ciURL: ciUrl ?? CIRun.url, dryRun: dryRun)
            // With both, the document is that of the health, which comes last.
            if health == nil {
                RecordText.show(report, session.console, done: "Recorded the evidence.", same: "The same is recorded already.")
            }
        }
        if let health, let stage, let revision {
            let report = try session.conductor.observe(
                health, service: service, version: version, stage: stage, revision: revision.lowercased(), dryRun: dryRun)
            RecordText.show(report, session.console, done: "Recorded \(health.rawValue).", same: "The same is recorded already.")
        }
    }
}

extension HealthStatus: ExpressibleByArgument {
    public init?(argument: String) {
        guard let status = Self.allCases.first(where: { $0.rawValue.lowercased() == argument.lowercased() }) else {
            return nil
        }
        self = status
    }
}
