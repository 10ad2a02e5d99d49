public import PromotionEngine

/// A sample for print: one page per item, with everything that the ledger says of it and room for the auditor's own notes.
public struct SamplePage {
    private let sample: AuditSample
    private let scope: AuditScope
    private let head: ChainHead?
    private let repository: String

    public init(_ sample: AuditSample, scope: AuditScope, head: ChainHead?, repository: String) {
        (self.sample, self.scope, self.head, self.repository) = (sample, scope, head, repository)
    }

    public var text: String {
        let items = HTML.joined(sample.items.enumerated(), "\n") { item($0.element, number: $0.offset + 1) }
        return Page.document(title: "Sample of \(sample.items.count) changes, seed \(sample.seed)", items)
    }

    private func item(_ change: Change, number: Int) -> HTML {
        """
        <section class="item"><p class="over">Sample item \(number) of \(sample.items.count)</p>
        <h1>\(change.service) \(change.version)</h1>
        <p class="lead">\(change.previousVersion.map { "from \($0), " } ?? "")to \(change.stage) on \(change.deliveredAt.description)</p>
        <dl class="meta"><dt>Requested by</dt><dd>\(ChangeView.who(change))</dd><dt>Approved by</dt><dd>\(ChangeView.approvers(change))</dd><dt>Separation of duties</dt><dd>\(change.separation.words)</dd><dt>Ticket</dt><dd>\(change.ticket ?? "none")</dd><dt>Outcome</dt><dd>\(ChangeView.ending(change)) \(ChangeView.tags(change))</dd><dt>Drawn from</dt><dd>\(Durations.count(sample.population)) changes, \(scope.period), seed \(sample.seed)</dd></dl>
        <div class="more" style="padding-left:0">\(ChangeView.account(change))</div>
        <h3>Auditor's notes</h3><div style="border:1px solid #dde3e8;height:110px"></div>
        <footer>\(repository) · chain head \(head.map { "record \($0.seq), \($0.hash)" } ?? "none")</footer></section>
        """
    }
}
