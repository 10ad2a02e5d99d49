#pragma once

/* libgit2 with mbedTLS reads and decodes the system's whole file of certificates when it starts (git_mbedtls_stream_global_init,
   libgit2 1.5, src/libgit2/streams/mbedtls.c), whether or not a server will be asked: 14 ms, more than a local promotion takes.
   This target's mbedtls_x509_crt_parse_file stands before the library's. While reading is postponed it only notes the path;
   otherwise it calls the library's. Forgetting to read them later fails closed: without authorities no server is trusted. */

/* Call both on one thread, around the start of libgit2. */
void gradus_postpone_certificates(void);
void gradus_stop_postponing_certificates(void);

/* The file that was not read; NULL when none was asked for. Valid as long as the process. */
const char *gradus_postponed_certificates(void);
