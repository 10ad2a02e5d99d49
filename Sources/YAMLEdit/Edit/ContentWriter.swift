/// Writes new entries and items in the file's own manner.
struct ContentWriter {
    let source: SourceText
    let isJSON: Bool
    let lineBreak: [UInt8]
    /// Spaces between a key and a list below it: 0 in `images:\n- name`.
    let listOffset: Int

    init(in file: YAMLFile, document: Int, near offset: Int, isJSON: Bool) {
        source = file.source
        self.isJSON = isJSON
        lineBreak = file.source.lineBreak(near: offset)
        listOffset = Self.listOffset(in: file.documents[document], source: file.source)
    }

    /// How far the document's first block list is indented below its key; 0 if there is none.
    private static func listOffset(in root: YAMLNode, source: SourceText) -> Int {
        var queue = [root]
        var next = 0
        while next < queue.count {
            let node = queue[next]
            next += 1
            for entry in node.entries {
                if entry.value.kind == .sequence, !entry.value.isFlow {
                    let list = source.position(ofByte: entry.value.range.lowerBound).column
                    return max(0, list - source.position(ofByte: entry.key.fullRange.lowerBound).column)
                }
                queue.append(entry.value)
            }
            queue += node.items
        }
        return 0
    }

    /// One line, as in `{name: web, newTag: "1.0"}`.
    func flow(_ content: YAMLContent) -> String {
        switch content {
        case .string(let text):
            return ScalarText.string(text, inFlow: true, isJSON: isJSON)
        case .plain(let text):
            return text
        case .mapping(let fields):
            return "{" + fields.map(flow).joined(separator: ", ") + "}"
        case .sequence(let items):
            return "[" + items.map(flow).joined(separator: ", ") + "]"
        }
    }

    func flow(_ field: YAMLContent.Field) -> String {
        ScalarText.string(field.key, inFlow: true, isJSON: isJSON) + ": " + flow(field.value)
    }

    /// An entry whose key stands in column `indentation`; the first line has no indentation of its own.
    func block(_ field: YAMLContent.Field, indentation: Int) -> [UInt8] {
        let key = Array((ScalarText.string(field.key, inFlow: false, isJSON: false) + ":").utf8)
        switch field.value {
        case .string(let text):
            return key + Array((" " + ScalarText.string(text, inFlow: false, isJSON: false)).utf8)
        case .plain(let text):
            return key + Array((" " + text).utf8)
        case .mapping(let fields) where !fields.isEmpty:
            return fields.reduce(key) { text, field in
                text + newLine(indentation + 2) + block(field, indentation: indentation + 2)
            }
        case .sequence(let items) where !items.isEmpty:
            let column = indentation + listOffset
            return items.reduce(key) { text, item in
                text + newLine(column) + block(item: item, indentation: column, gap: 1)
            }
        case .mapping, .sequence:
            return key + Array((" " + flow(field.value)).utf8)
        }
    }

    /// A list item whose dash stands in column `indentation`, with `gap` spaces behind the dash.
    func block(item: YAMLContent, indentation: Int, gap: Int) -> [UInt8] {
        let dash = [UInt8(ascii: "-")] + [UInt8](repeating: Byte.space, count: gap)
        let column = indentation + 1 + gap
        switch item {
        case .string(let text):
            return dash + Array(ScalarText.string(text, inFlow: false, isJSON: false).utf8)
        case .plain(let text):
            return dash + Array(text.utf8)
        case .mapping(let fields) where !fields.isEmpty:
            let lines = fields.map { block($0, indentation: column) }
            return dash + Array(lines.joined(separator: newLine(column)))
        case .mapping, .sequence:
            return dash + Array(flow(item).utf8)
        }
    }

    func newLine(_ indentation: Int) -> [UInt8] {
        lineBreak + [UInt8](repeating: Byte.space, count: indentation)
    }
}
