public import PromotionEngine

/// Reads report files of tests, coverage and scans into what the ledger keeps of them.
///
/// 1. Files are hostile: sizes, depths and counts are limited, and no entity is ever expanded.
/// 2. A file that ends early, or says less than its format asks for, is refused with its place; it never counts as good.
/// 3. Nothing is read here: whoever calls hands in the bytes.
public struct EvidenceReader: Sendable {
    /// Larger files are refused; whoever reads them may stop there.
    public static let largestFile = 64 << 20

    /// The summary of one file. Throws `ReportFault` with the place for a file that is not of the format.
    public static func read(
        _ bytes: [UInt8], _ format: EvidenceFile.Format, name: String, key: String? = nil
    ) throws(ReportFault) -> EvidenceFile {
        guard bytes.count <= largestFile else {
            throw ReportFault("the file has \(bytes.count) bytes; at most \(largestFile) are read")
        }
        guard !bytes.isEmpty else { throw ReportFault("the file is empty", line: 1, column: 1) }
        let counts: [String: Int] =
            switch format {
            case .junit: try JUnitReport.counts(bytes)
            case .cobertura: try CoberturaReport.counts(bytes)
            case .lcov: try LCOVReport.counts(bytes)
            case .sarif: try SARIFReport.counts(bytes)
            }
        return EvidenceFile(
            key: key ?? format.defaultKey, format: format, name: name, sha256: Digest.sha256(bytes), counts: counts)
    }
}
