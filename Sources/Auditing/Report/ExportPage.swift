public import PromotionEngine

/// Records as one table, written piece by piece.
public enum ExportPage {
    private static let mark = "\u{1}"

    public static var beginning: String { parts.0 }
    public static var end: String { parts.1 }

    public static func row(_ record: LedgerRecord) -> String {
        let html: HTML = """
            <tr id="r\(record.seq)"><td class="num">\(record.seq)</td><td class="nowrap mono">\(record.at.minute)</td><td>\(record.initiator.displayName)</td><td>\(record.sentence)</td><td class="mono" title="\(record.hash)">\(String(record.hash.prefix(12)))</td></tr>

            """
        return html.text
    }

    private static let parts: (String, String) = {
        let page = Page.document(
            title: "Records of the ledger",
            "<p class=\"over\">Audit export</p><h1>Records of the ledger</h1>\n<table><thead><tr><th class=\"num\">Record</th><th>At (UTC)</th><th>By</th><th>What</th><th>Hash</th></tr></thead><tbody>\n\(HTML(raw: mark))</tbody></table>")
        let split = page.split(separator: Character(mark), maxSplits: 1, omittingEmptySubsequences: false)
        return (String(split.first ?? ""), String(split.last ?? ""))
    }()
}
