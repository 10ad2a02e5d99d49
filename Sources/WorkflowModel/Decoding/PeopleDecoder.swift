import YAMLEdit

/// Decodes `groups.yaml` (`design.md` section 5).
struct PeopleDecoder {
    let faults: FaultCollector

    func people(_ root: YAMLNode) -> People {
        guard var reader = MappingReader(root, "a groups file", faults) else { return People(path: faults.file.path) }
        let groups = groups(&reader)
        let people = persons(&reader)
        reader.refuse(["permissions"])
        reader.finish { $0.hasPrefix("x-") }
        return People(groups: groups, people: people, path: faults.file.path)
    }

    private func groups(_ reader: inout MappingReader) -> [String: [String]] {
        guard let node = reader.value("groups") else { return [:] }
        guard node.kind == .mapping else {
            faults.error("`groups` must be a map, not \(node.typeInWords)", at: node)
            return [:]
        }
        let entries = node.entriesResolvingMerges()
        let names = Set(entries.compactMap { $0.key.resolved.scalarText })
        var groups: [String: [String]] = [:]
        for entry in entries {
            guard let name = faults.text(entry.key, "a group's name") else { continue }
            let value = entry.value.resolved
            guard value.kind == .sequence else {
                faults.error(
                    "group `\(name.text)` must be a list of subject ids, not \(value.typeInWords)",
                    at: value.isNull ? entry.key : value)
                continue
            }
            let members = value.items.compactMap { faults.text($0, "a member of group `\(name.text)`") }
            for member in members where names.contains(member.text) && member.text != name.text {
                // Members are compared with subject ids only, so a nested group would count for nobody.
                faults.error(
                    "group `\(name.text)` holds the group `\(member.text)`; list its members instead", at: member.node)
            }
            if value.items.isEmpty { faults.warning("group `\(name.text)` has no members", at: entry.key) }
            groups[name.text] = members.map(\.text)
        }
        return groups
    }

    private func persons(_ reader: inout MappingReader) -> [String: People.Person] {
        guard let node = reader.value("people") else { return [:] }
        guard node.kind == .mapping else {
            faults.error("`people` must be a map, not \(node.typeInWords)", at: node)
            return [:]
        }
        var people: [String: People.Person] = [:]
        for entry in node.entriesResolvingMerges() {
            guard let id = faults.text(entry.key, "a subject id"),
                var person = MappingReader(entry.value, "person `\(id.text)`", faults)
            else { continue }
            let name = person.text("name")?.text
            let emails = person.texts("emails") ?? []
            // Identities for reviews and signatures. Nothing that this version accepts rests on them.
            _ = (person.text("github"), person.text("gitlab"), person.texts("ssh_keys"), person.texts("gpg_keys"))
            person.finish()
            people[id.text] = People.Person(id: id.text, name: name, emails: emails.map(\.text))
        }
        return people
    }
}
