/// The way from the bytes of a literal block's text to the bytes of the file.
struct BlockLineMap {
    private struct Line {
        /// Where the line begins in the text.
        var inText: Int
        /// Where it begins in the file, indentation included.
        var inFile: Int
        /// Where its text begins in the file.
        var content: Int
    }

    private let lines: [Line]
    private let indentation: [UInt8]
    private let lineBreak: [UInt8]

    /// Nil if a line of the file is not the text's line behind the indentation, as for special line breaks.
    init?(text: [UInt8], source: SourceText, firstLine: Int, indentation: Int, lineBreak: [UInt8]) {
        var lines: [Line] = []
        var (inText, inFile) = (0, firstLine)
        while true {
            let end = text[inText...].firstIndex(of: Byte.lineFeed) ?? text.count
            let lineEnd = source.lineEnd(from: inFile)
            let spaces = source.bytes[inFile..<lineEnd].prefix(indentation).prefix { $0 == Byte.space }.count
            let content = inFile + spaces
            // The place behind the last line break is no line of the text, whatever the file holds there.
            if inText == text.count, inText > 0 {
                lines.append(Line(inText: inText, inFile: inFile, content: inFile))
                break
            }
            guard source.bytes[content..<lineEnd].elementsEqual(text[inText..<end]), spaces == indentation || end == inText
            else { return nil }
            lines.append(Line(inText: inText, inFile: inFile, content: content))
            guard end < text.count else { break }
            inText = end + 1
            let next = source.afterLineBreak(at: lineEnd)
            guard next > lineEnd else { return nil }
            inFile = next
        }
        self.lines = lines
        self.indentation = [UInt8](repeating: Byte.space, count: indentation)
        self.lineBreak = lineBreak
    }

    /// A replacement in the text as a replacement in the file; new lines get the block's indentation.
    func splice(_ inner: Splice) -> Splice {
        let (first, firstColumn) = line(of: inner.range.lowerBound)
        let (last, lastColumn) = line(of: inner.range.upperBound)
        let isWholeLines =
            firstColumn == 0 && lastColumn == 0
            && (inner.replacement.isEmpty ? !inner.range.isEmpty : inner.replacement.last == Byte.lineFeed)
        let lower = isWholeLines ? first.inFile : first.content + firstColumn
        let upper = isWholeLines ? last.inFile : last.content + lastColumn
        var bytes: [UInt8] = []
        var startsLine = isWholeLines
        // A first line that was empty in the file has no indentation yet.
        if !isWholeLines, firstColumn == 0, first.content - first.inFile < indentation.count { startsLine = true }
        for byte in inner.replacement {
            if byte == Byte.lineFeed {
                bytes += lineBreak
                startsLine = true
                continue
            }
            if startsLine { bytes += indentation }
            startsLine = false
            bytes.append(byte)
        }
        // What follows in its old line needs the indentation of the line that it now stands in.
        if !isWholeLines, startsLine, inner.replacement.last == Byte.lineFeed, lastColumn > 0 { bytes += indentation }
        return Splice(range: lower..<max(lower, upper), replacement: bytes, isDeletion: inner.isDeletion)
    }

    private func line(of offset: Int) -> (line: Line, column: Int) {
        var (low, high) = (0, lines.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lines[middle].inText <= offset { low = middle } else { high = middle }
        }
        return (lines[low], offset - lines[low].inText)
    }
}
