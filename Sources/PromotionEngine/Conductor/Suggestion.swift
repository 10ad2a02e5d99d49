internal import WorkflowModel

/// `; did you mean 'x'?` when a known name is near, else nothing.
func suggestion(_ name: String, _ known: [String]) -> String {
    NearestName.of(name, among: known).map { "; did you mean '\($0)'?" } ?? ""
}
