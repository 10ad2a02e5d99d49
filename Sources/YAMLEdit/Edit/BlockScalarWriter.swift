/// Writes a new text into a literal (`|`) or folded (`>`) block, keeping indentation and comments.
///
/// The chomping indicator stays unless the text's final line breaks need another. A text that a block cannot hold is
/// double-quoted.
struct BlockScalarWriter {
    let source: SourceText
    let node: YAMLNode
    /// The column of the collection around the block; used only where the old block is empty.
    let parentIndentation: Int

    func replacement(_ text: String) -> Splice {
        if let splice = partialReplacement(text) { return splice }
        let end = contentEnd
        let lines = Self.lines(of: text)
        let hasExplicitIndentation = headerDigit != nil
        guard let lines, fitsBlock(lines, allowsLeadingSpace: hasExplicitIndentation) else {
            return Splice(
                range: node.range.lowerBound..<end, replacement: Array(ScalarText.doubleQuoted(text).utf8))
        }
        let breaks = text.unicodeScalars.reversed().prefix { $0 == "\n" }.count
        let chomping = self.chomping(forBreaks: breaks)
        let isFolded = node.style == .folded && lines.allSatisfy(Self.canFold)
        let lineBreak = source.lineBreak(near: node.range.lowerBound)
        let indentation = Array(String(repeating: " ", count: self.indentation).utf8)
        var bytes = header(isFolded: isFolded, chomping: chomping)
        for (index, line) in lines.enumerated() {
            bytes += lineBreak
            if isFolded, index > 0 { bytes += lineBreak }
            if !line.isEmpty { bytes += indentation + Array(line.utf8) }
        }
        if chomping == "+" {
            // Every line break belongs to the value, also those that were only spacing before.
            for _ in 0..<breaks { bytes += lineBreak }
            return Splice(range: node.range.lowerBound..<max(end, node.range.upperBound), replacement: bytes)
        }
        if breaks > 0, end == source.bytes.count { bytes += lineBreak }
        return Splice(range: node.range.lowerBound..<end, replacement: bytes)
    }

    /// The text as the block's chomping indicator lets it be read.
    func chomped(_ text: String) -> String {
        if indicators.contains(UInt8(ascii: "+")) { return text }
        var scalars = text.unicodeScalars[...]
        while scalars.last == "\n" { scalars = scalars.dropLast() }
        let isStripped = indicators.contains(UInt8(ascii: "-")) || scalars.isEmpty || text.unicodeScalars.last != "\n"
        return String(scalars) + (isStripped ? "" : "\n")
    }

    /// Where the bytes of a literal's text stand in the file; nil where they do not stand there one by one.
    var lineMap: BlockLineMap? {
        guard node.style == .literal else { return nil }
        return BlockLineMap(
            text: Array((node.scalarText ?? "").utf8), source: source,
            firstLine: source.afterLineBreak(at: headerEnd), indentation: indentation,
            lineBreak: source.lineBreak(near: headerEnd))
    }

    /// Replaces only what differs between the old and the new text of a literal; nil where header or indentation must change.
    private func partialReplacement(_ text: String) -> Splice? {
        guard node.style == .literal, let old = node.scalarText, let map = lineMap else { return nil }
        let (before, after) = (Array(old.utf8), Array(text.utf8))
        guard Self.breaks(before) == Self.breaks(after), !before.isEmpty, let lines = Self.lines(of: text),
            let oldLines = Self.lines(of: old), oldLines.first?.first != " ", lines.first?.first != " "
        else { return nil }
        var start = zip(before, after).prefix { $0 == $1 }.count
        var end = 0
        let room = min(before.count, after.count) - start
        while end < room, before[before.count - 1 - end] == after[after.count - 1 - end] { end += 1 }
        // Characters are replaced whole.
        while start > 0, start < before.count, before[start] & 0xC0 == 0x80 { start -= 1 }
        while end > 0, before[before.count - end] & 0xC0 == 0x80 { end -= 1 }
        let inserted = Array(after[start..<(after.count - end)])
        let changed = String(decoding: inserted, as: UTF8.self).unicodeScalars
            .split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        guard fitsBlock([lines.first ?? ""] + lines.filter { !$0.isEmpty }.prefix(1), allowsLeadingSpace: false),
            changed.allSatisfy({ $0.unicodeScalars.allSatisfy { $0 == "\t" || ScalarText.isPrintable($0) } }),
            !Set(lines).subtracting(oldLines).contains(where: { !$0.isEmpty && $0.allSatisfy { $0 == " " || $0 == "\t" } })
        else { return nil }
        return map.splice(Splice(range: start..<(before.count - end), replacement: inserted))
    }

    private static func breaks(_ text: [UInt8]) -> Int {
        text.reversed().prefix { $0 == Byte.lineFeed }.count
    }

    /// The lines without the final line breaks; nil if there is no line with content.
    private static func lines(of text: String) -> [String]? {
        var scalars = text.unicodeScalars[...]
        while scalars.last == "\n" { scalars = scalars.dropLast() }
        guard !scalars.isEmpty else { return nil }
        return scalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    }

    private func fitsBlock(_ lines: [String], allowsLeadingSpace: Bool) -> Bool {
        let arePrintable = lines.allSatisfy { line in
            line.unicodeScalars.allSatisfy { $0 == "\t" || ScalarText.isPrintable($0) }
        }
        let first = lines.first { !$0.isEmpty }?.unicodeScalars.first
        let startsBlank = first == " " || first == "\t"
        let hasBlankLine = lines.contains { line in
            !line.isEmpty && line.unicodeScalars.allSatisfy { $0 == " " || $0 == "\t" }
        }
        return arePrintable && !hasBlankLine && (!startsBlank || allowsLeadingSpace && first == " ")
    }

    private static func canFold(_ line: String) -> Bool {
        guard let first = line.unicodeScalars.first else { return false }
        return first != " " && first != "\t"
    }

    // MARK: The old block

    private var headerEnd: Int { source.lineEnd(from: node.range.lowerBound) }

    /// The end of the last line with content, blanks at its end included: empty lines behind it are spacing.
    private var contentEnd: Int { source.lineEnd(from: source.contentEnd(of: node)) }

    /// The characters after `|` or `>` that are indicators.
    private var indicators: [UInt8] {
        source.bytes[(node.range.lowerBound + 1)..<headerEnd].prefix(2).filter { byte in
            byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || PlainReading.isDigit(byte)
        }
    }

    private var headerDigit: UInt8? { indicators.first(where: PlainReading.isDigit) }

    private func chomping(forBreaks breaks: Int) -> String {
        let isKeep = indicators.contains(UInt8(ascii: "+"))
        if breaks == 0 { return "-" }
        return breaks > 1 || isKeep ? "+" : ""
    }

    private func header(isFolded: Bool, chomping: String) -> [UInt8] {
        let digit = headerDigit.map { [$0] } ?? []
        let rest = source.bytes[(node.range.lowerBound + 1 + indicators.count)..<headerEnd]
        return [UInt8(ascii: isFolded ? ">" : "|")] + digit + Array(chomping.utf8) + rest
    }

    /// The spaces in front of every line: those of the old first line with content, less those of its text.
    private var indentation: Int {
        var offset = source.afterLineBreak(at: headerEnd)
        while offset < contentEnd {
            let end = source.lineEnd(from: offset)
            let spaces = source.bytes[offset..<end].prefix { $0 == Byte.space }.count
            if offset + spaces < end {
                let own = (node.scalarText ?? "").unicodeScalars.drop { $0 == "\n" }.prefix { $0 == " " }.count
                return max(1, spaces - own)
            }
            offset = source.afterLineBreak(at: end)
        }
        if let digit = headerDigit { return parentIndentation + Int(digit - UInt8(ascii: "0")) }
        return parentIndentation + 2
    }
}

extension YAMLNode {
    /// The block scalar that this node is or ends with: line breaks behind it may belong to its text.
    var trailingBlockScalar: YAMLNode? {
        var node = self
        while let last = node.entries.last?.value ?? node.items.last { node = last }
        return node.style == .literal || node.style == .folded ? node : nil
    }
}

extension SourceText {
    /// Where a node's visible text ends: a block scalar's range also covers the line breaks behind it.
    func contentEnd(of node: YAMLNode) -> Int {
        var end = node.range.upperBound
        while end > node.range.lowerBound,
            Byte.isBlank(bytes[end - 1]) || Byte.isLineBreak(bytes[end - 1])
        {
            end -= 1
        }
        return end
    }
}
