import Glibc

/// Small text files of the user's.
enum TextFile {
    /// Nil if there is no such file.
    ///
    /// - Throws: `.generic` if it cannot be read.
    static func read(_ path: String) throws(GitError) -> String? {
        let operation = "read the file"
        let number = open(path, O_RDONLY | O_CLOEXEC)
        if number < 0, errno == ENOENT { return nil }
        guard number >= 0 else { throw .system(errno, operation, path) }
        let file = FileDescriptor(adopting: number)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = Glibc.read(file.number, &buffer, buffer.count)
            if count > 0 {
                bytes += buffer[..<count]
            } else if count == 0 {
                return String(decoding: bytes, as: UTF8.self)
            } else if errno != EINTR {
                throw .system(errno, operation, path)
            }
        }
    }
}
