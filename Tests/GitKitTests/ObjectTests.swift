import GitKit
import Glibc
import Testing

@Suite struct ObjectTests {
    let scratch: Scratch
    let repository: Repository

    init() throws {
        scratch = try Scratch()
        repository = try scratch.makeWorkTree()
    }

    @Test(arguments: [[], [0], [0xff, 0x0a, 0x00, 0x0d], Array("ü\r\n".utf8)] as [[UInt8]])
    func storesBlobsByteForByte(_ bytes: [UInt8]) throws {
        let id = try repository.writeBlob(bytes)
        #expect(try repository.blob(id) == bytes)
        #expect(try repository.blobSize(id) == bytes.count)
        #expect(try scratch.git("cat-file", "-s", id.hex, in: "work") == "\(bytes.count)")
        #expect(repository.contains(id))
    }

    @Test func storesCommitsThatGitReads() throws {
        let head = try repository.headCommit()
        let author = Signature(name: "Zoë", email: "zoe@example.com", seconds: 1_600_000_000, offsetMinutes: -210)
        let id = try repository.createCommit(
            tree: head.tree, parents: [head.id], author: author, committer: .ann, message: "subject\n\nKey: value\n")
        let commit = try repository.commit(id)
        #expect(commit.author == author)
        #expect(commit.committer == .ann)
        #expect(commit.parents == [head.id])
        #expect(commit.message == "subject\n\nKey: value\n")
        #expect(try scratch.git("log", "-1", "--format=%an|%ae|%ad|%cn", "--date=raw", id.hex, in: "work")
            == "Zoë|zoe@example.com|1600000000 -0330|Ann")
        #expect(try repository.target(of: "HEAD") == head.id)
        #expect(try scratch.run(["git", "fsck", "--strict"], in: "work").status == 0)
    }

    @Test(arguments: [
        Signature(name: "", email: "a@b", seconds: 1, offsetMinutes: 0),
        Signature(name: "A <b>", email: "a@b", seconds: 1, offsetMinutes: 0),
        Signature(name: "A\nparent x", email: "a@b", seconds: 1, offsetMinutes: 0),
        Signature(name: "A", email: "a@b\0", seconds: 1, offsetMinutes: 0),
        Signature(name: "A", email: "a@b", seconds: -1, offsetMinutes: 0),
        Signature(name: "A", email: "a@b", seconds: 1, offsetMinutes: 1440),
        Signature(name: "A", email: "a@b", seconds: 1, offsetMinutes: .min),
    ])
    func refusesSignaturesThatACommitCannotHold(_ signature: Signature) throws {
        let tree = try repository.headCommit().tree
        let error = try gitError { () throws(GitError) in
            try repository.createCommit(tree: tree, parents: [], author: signature, committer: .ann, message: "x")
        }
        #expect(error.code == .invalid)
    }

    @Test func tellsMissingFromOtherKind() throws {
        let head = try repository.headCommit()
        let missing = try #require(ObjectID(hex: ObjectIDTests.hex))
        #expect(!repository.contains(missing))
        #expect(!repository.contains(.zero))
        #expect(try gitError { () throws(GitError) in try repository.blob(missing) }.code == .notFound)
        #expect(try gitError { () throws(GitError) in try repository.blob(head.tree) }.code == .notFound)
        #expect(try gitError { () throws(GitError) in try repository.blobSize(head.id) }.code == .notFound)
        #expect(try gitError { () throws(GitError) in try repository.commit(head.tree) }.code == .notFound)
        #expect(try gitError { () throws(GitError) in try repository.tree(head.id) }.code == .notFound)
    }

    @Test(arguments: ["", "garbage"])
    func reportsADamagedObject(_ content: String) throws {
        let id = try repository.writeBlob(Array("to be damaged\n".utf8))
        let name = "work/.git/objects/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))"
        chmod("\(scratch.path)/\(name)", 0o644)
        try scratch.write(name, content)
        let fresh = try Repository.open(at: scratch.path + "/work")
        let error = try gitError { () throws(GitError) in try fresh.blob(id) }
        #expect(error.code != .notFound)
        #expect(error.description.contains(id.hex))
    }

    @Test func reportsAnObjectUnderTheWrongName() throws {
        let right = try repository.writeBlob(Array("right\n".utf8))
        let wrong = try repository.writeBlob(Array("wrong\n".utf8))
        let objects = "\(scratch.path)/work/.git/objects"
        let place = { (id: ObjectID) in "\(objects)/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))" }
        #expect(rename(place(wrong), place(right)) == 0)
        let fresh = try Repository.open(at: scratch.path + "/work")
        #expect(try gitError { () throws(GitError) in try fresh.blob(right) }.code == .mismatch)
    }
}
