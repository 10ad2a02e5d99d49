internal import CExpat

/// What a reader of one XML format does with elements.
protocol XMLVisitor {
    mutating func start(_ name: String, _ attributes: [String: String]) throws(ReportFault)
    mutating func end(_ name: String) throws(ReportFault)
}

/// Walks through an XML document by expat, which checks that it is well-formed.
///
/// No entity is expanded and nothing outside is fetched: a document type with declarations of its own is refused, which
/// is what makes entity bombs, and a bare one (`<!DOCTYPE coverage SYSTEM "…">`) is passed over.
enum XMLWalk {
    private static let deepest = 256

    /// Throws `ReportFault` with line and column where the document is not well-formed or not allowed.
    static func walk<Visitor: XMLVisitor>(_ bytes: [UInt8], _ visitor: Visitor) throws(ReportFault) -> Visitor {
        guard let parser = XML_ParserCreate(nil) else { throw ReportFault("there is no memory for a parser") }
        defer { XML_ParserFree(parser) }
        let box = Box(parser, visitor)
        // The parser holds the box unretained: it lives until the parse has ended.
        XML_SetUserData(parser, Unmanaged.passUnretained(box).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in Box.of(data)?.start(name, attributes) },
            { data, name in Box.of(data)?.end(name) })
        XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, hasInternalSubset in
            if hasInternalSubset != 0 { Box.of(data)?.stop("a document type with declarations of its own is not read") }
        }
        XML_SetEntityDeclHandler(parser) { data, _, _, _, _, _, _, _, _ in
            Box.of(data)?.stop("entity declarations are not read")
        }
        XML_SetSkippedEntityHandler(parser) { data, _, _ in Box.of(data)?.stop("an entity that is not declared here") }
        let status = bytes.withUnsafeBytes { raw in
            // The size is below 64 MiB, checked by the caller.
            XML_Parse(parser, raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: raw.count), 1)
        }
        if let fault = box.fault { throw fault }
        guard status == XML_STATUS_OK else {
            let code = XML_GetErrorCode(parser)
            let reason = XML_ErrorString(code).map { String(cString: $0) } ?? "not well-formed"
            throw box.located(reason)
        }
        guard let result = box.visitor as? Visitor else { throw ReportFault("the report could not be read") }
        return result
    }

    /// What the C callbacks reach through the parser's user data.
    private final class Box {
        private let parser: XML_Parser
        var visitor: any XMLVisitor
        private(set) var fault: ReportFault?
        private var depth = 0

        init(_ parser: XML_Parser, _ visitor: any XMLVisitor) {
            self.parser = parser
            self.visitor = visitor
        }

        static func of(_ data: UnsafeMutableRawPointer?) -> Box? {
            data.map { Unmanaged<Box>.fromOpaque($0).takeUnretainedValue() }
        }

        func start(_ name: UnsafePointer<CChar>?, _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?) {
            // After XML_StopParser "some call backs may still follow" (expat's documentation).
            guard fault == nil, let name else { return }
            depth += 1
            guard depth <= XMLWalk.deepest else { return stop("elements are nested deeper than \(XMLWalk.deepest)") }
            var values: [String: String] = [:]
            var position = 0
            while let attributes, let key = attributes[position], let value = attributes[position + 1] {
                values[String(cString: key)] = String(cString: value)
                position += 2
            }
            do { try visitor.start(Self.local(String(cString: name)), values) } catch { stop(error) }
        }

        func end(_ name: UnsafePointer<CChar>?) {
            guard fault == nil, let name else { return }
            depth -= 1
            do { try visitor.end(Self.local(String(cString: name))) } catch { stop(error) }
        }

        func stop(_ reason: String) { stop(ReportFault(reason)) }

        func located(_ reason: String) -> ReportFault {
            ReportFault(
                reason, line: Int(XML_GetCurrentLineNumber(parser)), column: Int(XML_GetCurrentColumnNumber(parser)) + 1)
        }

        private func stop(_ error: ReportFault) {
            guard fault == nil else { return }
            fault = error.line == nil ? located(error.reason) : error
            XML_StopParser(parser, XML_Bool(0))
        }

        /// Without a prefix: report formats use none, and some tools add one.
        private static func local(_ name: String) -> String {
            name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
        }
    }
}
