import CLibYAML

/// One owner of a libyaml parser; hands out its events.
struct EventReader: ~Copyable {
    /// What libyaml said, with places as character counts.
    struct Failure: Error {
        var problem: String
        var index: Int
        var context: String?
        var contextIndex: Int
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// - Parameter text: valid UTF-8 without a byte order mark.
    init(text: ArraySlice<UInt8>) throws(Failure) {
        parser = .allocate(capacity: 1)
        input = .allocate(capacity: text.count)
        _ = input.initialize(from: text)
        guard yaml_parser_initialize(parser) == 1 else {
            input.deallocate()
            parser.deallocate()
            throw Failure(problem: "out of memory", index: 0, context: nil, contextIndex: 0)
        }
        // "Note that the parser does not copy the input" (yaml.h): the copy above lives as long as the parser.
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// Reads the next event and lends it to `body`; the event is freed afterwards.
    mutating func next<Result>(
        _ body: (borrowing yaml_event_t) throws(YAMLError) -> Result
    ) throws(YAMLError) -> Swift.Result<Result, Failure> {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { return .failure(failure()) }
        defer { yaml_event_delete(&event) }
        return .success(try body(event))
    }

    private func failure() -> Failure {
        let state = parser.pointee
        let isReader = state.error == YAML_READER_ERROR
        return Failure(
            problem: state.problem.map { String(cString: $0) } ?? "the text cannot be read",
            index: isReader ? state.mark.index : state.problem_mark.index,
            context: isReader ? nil : state.context.map { String(cString: $0) },
            contextIndex: state.context_mark.index)
    }
}
