import Expressions
import PromotionEngine
import TestSupport

/// A published description of a forge's API, OpenAPI 3 or Swagger 2, cut by `scripts/trim-forge-descriptions.py`.
struct Description {
    let root: Value
    private let operations: [Operation]

    /// What one method on one path takes and gives.
    struct Operation {
        let method: String
        /// `{name}` stands for any text.
        let path: [String]
        let query: [String: Value]
        let body: Value?
        let isBodyRequired: Bool
        /// By status; nil where the description shows no document.
        let answers: [String: Value?]

        func matches(_ call: ForgeCall) -> Bool {
            call.method == method && call.path.count == path.count
                && zip(call.path, path).allSatisfy { $1.hasPrefix("{") || $0 == $1 }
        }
    }

    init(file name: String) throws {
        let folder = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
        root = try JSONReading.value(Array(try TemporaryFolder.read("\(folder)/Descriptions/\(name)").utf8))
        var operations: [Operation] = []
        for (path, methods) in root["paths"]?.members ?? [:] {
            for (method, node) in methods.members { operations.append(Self.operation(method, path, node, root)) }
        }
        self.operations = operations
    }

    init(_ operations: [Operation]) {
        root = .map([:])
        self.operations = operations
    }

    private static func operation(_ method: String, _ path: String, _ node: Value, _ root: Value) -> Operation {
        var query: [String: Value] = [:]
        // OpenAPI 3 says `requestBody`, Swagger 2 a parameter in `body`.
        var body = node["requestBody", "content", "application/json", "schema"]
        for item in node["parameters"]?.items ?? [] {
            let parameter = resolved(item, root)
            let name = parameter["name"]?.text ?? ""
            switch parameter["in"]?.text {
            case "query": query[name] = parameter["schema"] ?? parameter
            case "body": body = parameter["schema"]
            default: continue
            }
        }
        var answers: [String: Value?] = [:]
        for (status, item) in node["responses"]?.members ?? [:] {
            let answer = resolved(item, root)
            answers[status] = .some(answer["content", "application/json", "schema"] ?? answer["schema"])
        }
        return Operation(
            method: method.uppercased(), path: path.split(separator: "/").map(String.init), query: query, body: body,
            isBodyRequired: node["requestBody", "required"]?.flag ?? false, answers: answers)
    }

    /// What a reference points to; any other node is itself.
    static func resolved(_ node: Value, _ root: Value) -> Value {
        guard let reference = node["$ref"]?.text else { return node }
        var current = root
        for part in reference.split(separator: "/").dropFirst() { current = current[String(part)] ?? .null }
        return resolved(current, root)
    }

    func operation(_ call: ForgeCall) -> Operation? {
        // A path without a name in braces is meant before one with.
        operations.filter { $0.matches(call) }.min { first, second in
            first.path.count { $0.hasPrefix("{") } < second.path.count { $0.hasPrefix("{") }
        }
    }

    /// The answer with the members that the description requires and the server left out.
    func completed(_ call: ForgeCall, _ reply: ForgeReply) -> ForgeReply {
        guard let schema = operation(call)?.answers["\(reply.status)"], let schema, let body = reply.body else { return reply }
        var reply = reply
        reply.body = SchemaCheck(root: root).completed(body, schema)
        return reply
    }

    /// Where request and answer differ from the description.
    func faults(_ call: ForgeCall, _ reply: ForgeReply) -> [String] {
        guard let operation = operation(call) else { return ["\(call.method) /\(call.path.joined(separator: "/")) is not described"] }
        let check = SchemaCheck(root: root)
        var faults: [String] = []
        for (name, text) in call.query {
            guard let schema = operation.query[name] else {
                faults.append("query \(name) is not described")
                continue
            }
            let value: JSONValue = schema["type"]?.text == "integer" ? Int(text).map(JSONValue.int) ?? .string(text) : .string(text)
            faults += check.faults(value, schema, "query \(name)")
        }
        if call.body == .null {
            if operation.isBodyRequired { faults.append("there is no body") }
        } else if let schema = operation.body {
            faults += check.faults(SchemaCheck.document(call.body), schema, "body")
        } else {
            faults.append("a body is not described")
        }
        guard let answer = operation.answers["\(reply.status)"] else {
            return faults + ["answer \(reply.status) is not described"]
        }
        if let answer, let body = reply.body { faults += check.faults(body, answer, "answer") }
        return faults.map { "\(call.method) /\(call.path.joined(separator: "/")): \($0)" }
    }
}
