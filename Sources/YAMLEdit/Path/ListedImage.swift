/// Images that stand as texts in a list, as in `kustomize.images` of an Argo CD Application: `web=registry.example/web:1.0`.
///
/// Such an item has no field to name it by; its image does, so that a path still means it when the list gets others.
enum ListedImage {
    /// Names the image in a condition: `images[image=registry.example/web]`.
    static let key = "image"
    /// Where such lists stand.
    static let list: [YAMLPath.Step] = [.key("kustomize"), .key("images")]

    /// What stands before `=`; else the image's name without tag and digest. A `:` before the last `/` belongs to a port.
    static func name(_ text: String) -> String? {
        if let equals = text.firstIndex(of: "=") { return String(text[..<equals]) }
        let name = text[..<(text.firstIndex(of: "@") ?? text.endIndex)]
        let base = name.lastIndex(of: "/") ?? name.startIndex
        let result = name[..<(name[base...].firstIndex(of: ":") ?? name.endIndex)]
        return result.isEmpty ? nil : String(result)
    }
}
