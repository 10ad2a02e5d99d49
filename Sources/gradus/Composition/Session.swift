import GitKit
import GitOpsBackend
import Probes
import PromotionEngine
import WorkflowModel

/// One command's work on one repository: the only place that names concrete adapters.
struct Session {
    let settings: Settings
    let console: Console
    let location: RepositoryLocation
    let ledger: SegmentLedger
    let desired: GitDesiredState
    let conductor: Conductor

    /// What a command is about to do.
    enum Purpose {
        case reading, writing
    }

    init(_ options: GlobalOptions, for purpose: Purpose = .reading, raceTimeout: TimeSpan = .minutes(2)) throws {
        let settings = try Settings(options)
        let console = Console(settings)
        location = try RepositoryLocation(
            settings.repo, branch: settings.branch, cache: settings.cache, access: try RemoteOptions.access(isQuiet: settings.quiet), warn: console.warn)
        location.authority.repository.signer = try settings.signingKey()
        ledger = SegmentLedger(location)
        desired = GitDesiredState(location, warn: console.warn)
        let initiator = try Self.known(
            ActorResolution.identity(
                given: settings.actor, repository: location.clone, mustBeNamed: purpose == .writing), desired, purpose)
        conductor = Conductor(
            ledger: ledger, desired: desired, pace: WallPace(Progress("Waiting", isQuiet: settings.quiet)), initiator: initiator, zones: ZoneFolder(), signatures: ledger,
            health: purpose == .writing ? HealthProbes(settings.probes) : ReportsOnly(),
            hooks: purpose == .writing ? HookCalls(settings.probes) : NoHooks(),
            agent: purpose == .writing ? ArgoCDAgent(settings.probes) : NoAgent(), raceTimeout: raceTimeout, warn: console.warn)
        conductor.proposals = desired
        conductor.forges = StageForges(remote: location.authority.name, settings)
        conductor.waitingFor = console.status
        conductor.watching = VerificationDisplay(console).show
        conductor.underWay = Interruption.note
        conductor.awaiting = Interruption.note(awaited:)
        self.settings = settings
        self.console = console
    }

    /// A mail address of a person in `groups.yaml` stands for the person.
    ///
    /// Who only reads is asked for nothing that broken rules could not tell: the past is read in spite of them.
    private static func known(_ identity: Identity, _ desired: GitDesiredState, _ purpose: Purpose) throws -> Identity {
        guard identity.id.contains("@") else { return identity }
        _ = try desired.refresh()
        let people: [People.Person]
        do {
            people = Array(try desired.rules(of: []).people.people.values)
        } catch is PromotionError where purpose == .reading {
            return identity
        }
        guard let person = people.first(where: { $0.emails.contains(identity.id) }) else { return identity }
        return Identity(id: person.id, name: person.name ?? identity.name, email: identity.id)
    }
}
