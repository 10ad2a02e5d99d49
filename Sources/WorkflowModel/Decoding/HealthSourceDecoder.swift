import Expressions
import Patterns
import YAMLEdit

/// Decodes the settings of one health source.
struct HealthSourceDecoder {
    let faults: FaultCollector
    let attachments: RuleAttachments

    /// Nil, with a fault, when it cannot be read.
    func source(named name: String, _ body: YAMLNode, at key: YAMLNode) -> HealthSource? {
        let settings: HealthSource.Settings? =
            switch name {
            case "argocd": argocd(body)
            case "prometheus": prometheus(body)
            case "http": http(body)
            case "command": command(body)
            case "kubernetes": kubernetes(body)
            default: nil
            }
        return settings.map { HealthSource($0, declared: body.declaredText) }
    }

    private func argocd(_ body: YAMLNode) -> HealthSource.Settings? {
        guard var reader = MappingReader(body, HealthSchema.argocd, faults) else { return nil }
        let server = reader.required("server")
        let app = reader.required("app")
        let namespace = reader.text("app_namespace")?.text
        let project = reader.text("project")?.text
        let token = reader.text("token_env")?.text ?? "ARGOCD_AUTH_TOKEN"
        reader.finish()
        guard let server, let app else { return nil }
        checkAddress(server)
        return .argocd(ArgoCDSource(server: server.text, app: app.text, appNamespace: namespace, project: project, tokenEnvironment: token))
    }

    private func prometheus(_ body: YAMLNode) -> HealthSource.Settings? {
        guard var reader = MappingReader(body, HealthSchema.prometheus, faults) else { return nil }
        let address = reader.text("address")
        if let address { checkAddress(address) }
        let token = reader.text("token_env")?.text
        let template = reader.text("template")
        let arguments = reader.assignments("args") ?? []
        let dryRun = reader.texts("dry_run") ?? []
        var metrics: [AnalysisMetric] = []
        var decoder = MetricDecoder(faults: faults)
        let inline = decoder.metric(&reader, name: "query", at: body)
        if !inline.provider.query.isEmpty { metrics.append(inline) }
        for item in reader.items("metrics") ?? [] {
            guard var own = MappingReader(item, HealthSchema.metric, faults) else { continue }
            let name = own.required("name")
            var metric = decoder.metric(&own, name: name?.text ?? "", at: name?.node ?? item)
            metric.provider.address = own.text("address")?.text
            if metric.provider.query.isEmpty { faults.error("a metric needs `query`", at: item) }
            own.finish()
            metrics.append(metric)
        }
        var patterns = dryRun.map(\.text)
        if let template { metrics += resolved(template, arguments, &patterns) }
        reader.finish()
        guard !metrics.isEmpty else {
            if template == nil { faults.error("`prometheus` needs `query`, `metrics` or `template`", at: body) }
            return nil
        }
        if let name = metrics.map(\.name).first(where: { name in metrics.count(where: { $0.name == name }) > 1 }) {
            faults.error("two metrics are called `\(name)`", at: body)
        }
        for metric in metrics where address == nil && metric.provider.address == nil {
            faults.error("the metric `\(metric.name)` has no server", at: body, hint: "write `address: https://…`")
        }
        mark(&metrics, dryRun: patterns, at: body)
        return .prometheus(PrometheusSource(address: address?.text, metrics: metrics, tokenEnvironment: token))
    }

    private func resolved(
        _ name: LocatedText, _ arguments: [(key: LocatedText, value: LocatedText)], _ dryRun: inout [String]
    ) -> [AnalysisMetric] {
        guard let template = attachments.templates[name.text] else {
            faults.unknown("AnalysisTemplate", name.text, among: attachments.templates.keys.sorted(), at: name.node)
            return []
        }
        dryRun += template.dryRun
        for argument in arguments where !template.arguments.contains(where: { $0.name == argument.key.text }) {
            faults.warning("`\(name.text)` declares no argument `\(argument.key.text)`; it is dropped", at: argument.key.node)
        }
        do throws(AnalysisTemplate.Fault) {
            return try template.resolved(Dictionary(arguments.map { ($0.key.text, $0.value.text) }, uniquingKeysWith: { $1 }))
        } catch {
            faults.error("the AnalysisTemplate `\(name.text)`: \(error)", at: name.node)
            return []
        }
    }

    private func mark(_ metrics: inout [AnalysisMetric], dryRun patterns: [String], at node: YAMLNode) {
        for pattern in patterns {
            let found = metrics.indices.filter { index in
                do { return try Pattern(pattern).firstMatch(in: metrics[index].name) != nil } catch { return false }
            }
            if found.isEmpty { faults.error("`dry_run`: no metric is called like `\(pattern)`", at: node) }
            for index in found { metrics[index].isDryRun = true }
        }
    }

    private func http(_ body: YAMLNode) -> HealthSource.Settings? {
        guard var reader = MappingReader(body, HealthSchema.http, faults) else { return nil }
        guard let url = reader.required("url") else { return nil }
        checkAddress(url)
        var source = HTTPSource(url: url.text)
        source.expectStatus = reader.whole("expect_status", atLeast: 100) ?? 200
        source.jsonPath = reader.text("json_path")?.text
        if let condition = reader.text("condition") {
            do { _ = try Expression(condition.text, known: ["result", "status"]) } catch {
                faults.error("`condition`: \(error.description)", at: condition.node)
            }
            source.condition = condition.text
        }
        if let node = reader.key("json_path"), source.condition == nil {
            faults.error("`json_path` needs a `condition` that is asked about what it finds", at: node)
        }
        source.certificateValidFor = reader.span("cert_valid_for")
        if source.certificateValidFor != nil, !url.text.hasPrefix("https://") {
            faults.error("`cert_valid_for` needs an https:// address", at: url.node)
        }
        source.tokenEnvironment = reader.text("token_env")?.text
        source.timeout = reader.span("timeout") ?? source.timeout
        reader.finish()
        return .http(source)
    }

    private func command(_ body: YAMLNode) -> HealthSource.Settings? {
        if body.resolved.kind == .sequence {
            let arguments = body.resolved.items.compactMap { faults.text($0, "an item of `command`")?.text }
            if arguments.isEmpty { faults.error("`command` names no program", at: body) }
            return .command(CommandSource(arguments: arguments))
        }
        guard var reader = MappingReader(body, HealthSchema.command, faults) else { return nil }
        let arguments = reader.texts("run")?.map(\.text) ?? []
        var source = CommandSource(arguments: arguments)
        source.timeout = reader.span("timeout") ?? source.timeout
        reader.finish()
        if arguments.isEmpty { faults.error("`command` needs `run` with a program", at: body) }
        return .command(source)
    }

    private func kubernetes(_ body: YAMLNode) -> HealthSource.Settings? {
        guard var reader = MappingReader(body, HealthSchema.kubernetes, faults) else { return nil }
        let server = reader.text("server")
        if let server { checkAddress(server) }
        let source = KubernetesSource(
            server: server?.text, namespace: reader.text("namespace")?.text ?? "default",
            objects: reader.texts("objects")?.map(\.text) ?? [], tokenEnvironment: reader.text("token_env")?.text,
            file: reader.text("file")?.text)
        reader.finish()
        if (source.server == nil) == (source.file == nil) {
            faults.error("`kubernetes` needs either `server` or `file`", at: body)
        } else if source.server != nil, source.objects.isEmpty {
            faults.error("`kubernetes` needs `objects`, such as `deployment/web`", at: body)
        }
        for object in source.objects where object.split(separator: "/").count != 2 {
            faults.error("`\(object)` is no object; write its kind and name, such as `deployment/web`", at: body)
        }
        return .kubernetes(source)
    }

    /// What can be told without asking anybody: the scheme, and that no credentials stand in it.
    func checkAddress(_ text: LocatedText) {
        guard text.text.hasPrefix("https://") || text.text.hasPrefix("http://") else {
            return faults.error("`\(text.text)` must begin with https:// or http://", at: text.node)
        }
        let authority = text.text.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" && $0 != "?" }
        if authority.contains("@") {
            faults.error("an address holds no user name or password", at: text.node, hint: "give the token by `token_env`")
        }
    }
}
