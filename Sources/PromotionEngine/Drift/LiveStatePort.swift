public import WorkflowModel

/// What runs in one cell, as a health source that knows revisions tells it.
public struct LiveState: Sendable, Hashable {
    /// The commit of the target branch that the agent applied.
    public let revision: String
    public let source: String

    public init(revision: String, source: String) {
        self.revision = revision
        self.source = source
    }
}

/// Asks what runs. Health sources that know a revision conform; without any, `drift` compares files and records alone.
public protocol LiveStatePort: AnyObject {
    /// Nil where the stage has no source that knows revisions. Throws when the source cannot be asked.
    func live(_ workflow: Workflow, _ service: Service, _ stage: Stage) throws -> LiveState?
}
