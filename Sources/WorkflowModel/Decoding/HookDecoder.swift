import YAMLEdit

/// Decodes a stage's `hooks`.
struct HookDecoder {
    let faults: FaultCollector

    /// An admission lapses after ten minutes, so what stands before a delivery must not take longer.
    private static let longest = TimeSpan.minutes(5)

    func hooks(_ node: YAMLNode) -> [Hook] {
        guard var reader = MappingReader(node, HookSchema.hooks, faults) else { return [] }
        var hooks = list(&reader, .before) + list(&reader, .after)
        if let value = reader.value("on"), var events = MappingReader(value, HookSchema.events, faults) {
            for event in Hook.Event.allCases where event != .before && event != .after { hooks += list(&events, event) }
            events.finish()
        }
        reader.finish()
        return hooks
    }

    private func list(_ reader: inout MappingReader, _ event: Hook.Event) -> [Hook] {
        (reader.items(event.rawValue) ?? []).enumerated().compactMap { position, item in hook(item, event, position) }
    }

    private func hook(_ item: YAMLNode, _ event: Hook.Event, _ position: Int) -> Hook? {
        guard var reader = MappingReader(item, HookSchema.hook, faults) else { return nil }
        let http = reader.value("http")
        let command = reader.value("command")
        reader.finish()
        guard (http == nil) != (command == nil) else {
            faults.error("a hook needs either `http` or `command`", at: item)
            return nil
        }
        if let http { return request(http, event, position) }
        guard let command, let key = reader.key("command"),
            case .command(let source)? = HealthSourceDecoder(faults: faults, attachments: RuleAttachments())
                .source(named: "command", command, at: key)?.settings
        else { return nil }
        check(source.timeout, at: command)
        return Hook(event: event, position: position, call: .command(source.arguments), timeout: source.timeout)
    }

    private func request(_ body: YAMLNode, _ event: Hook.Event, _ position: Int) -> Hook? {
        guard var reader = MappingReader(body, HookSchema.http, faults) else { return nil }
        let url = reader.required("url")
        let secret = reader.required("secret_env", hint: "the name of the environment variable that holds the secret")
        let timeout = reader.span("timeout") ?? .seconds(10)
        reader.finish()
        check(timeout, at: body)
        guard let url, let secret else { return nil }
        HealthSourceDecoder(faults: faults, attachments: RuleAttachments()).checkAddress(url)
        return Hook(event: event, position: position, call: .http(url: url.text, secretEnvironment: secret.text), timeout: timeout)
    }

    private func check(_ timeout: TimeSpan, at node: YAMLNode) {
        if timeout > Self.longest { faults.error("`timeout` of a hook is at most \(Self.longest)", at: node) }
    }
}
