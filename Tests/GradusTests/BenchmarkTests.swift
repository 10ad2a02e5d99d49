import TestSupport
import Testing

/// The benchmarks in tiny sizes: that all ways of promoting arrive at the same, not how fast.
@Suite struct BenchmarkTests {
    private static let project = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    @Test func allWaysArriveInTinySizes() throws {
        let environment = try HermeticEnvironment()
        let binary = try GradusProcess.binary()
        let folder = String(binary[..<(binary.lastIndex(of: "/") ?? binary.startIndex)])
        let result = try CommandRunner(environment).start(
            [
                "python3", "-B", "\(Self.project)/Benchmarks/bench.py", "--smoke", "--place", environment.folder.path, "--only", "whole",
                "--only", "reconcile", "--only", "train", "--only", "process",
            ], adding: ["GRADUS_BIN_FOLDER": folder]
        ).result(timeout: 240)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        for part in ["git and sed", "--depth 1", "GitPython", "8 cells", "train of 6 services", "libgit2"] { #expect(result.output.contains(part), "\(result.output)") }
    }

    /// The floor must write what a promotion writes, or the ratio to it says nothing.
    @Test func theFloorWritesASoundRepository() throws {
        let environment = try HermeticEnvironment()
        let script = """
            cc -O1 -o floor '\(Self.project)/Benchmarks/monorepo/floor.c' -lgit2
            python3 -B '\(Self.project)/Benchmarks/monorepo/generate.py' fleet.git --services 4 --folder 4
            ./floor fleet.git 0 3 | wc -l
            git -C fleet.git fsck --strict --no-dangling
            git -C fleet.git log --format=%H main | wc -l
            git -C fleet.git show main:environments/dev/g000/svc-00002/kustomization.yaml | grep newTag
            git -C fleet.git show main:environments/dev/g000/svc-00003/kustomization.yaml | grep newTag
            """
        let result = try CommandRunner(environment).start(["bash", "-ec", script], in: environment.folder.path).result(timeout: 240)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let lines = result.output.split(separator: "\n").map { $0.filter { $0 != " " } }
        #expect(lines == ["3", "4", "newTag:\"1.0.1\"#writtenbypromotions", "newTag:\"1.0.0\"#writtenbypromotions"], "\(result.output)")
    }
}
