#define _GNU_SOURCE /* RTLD_NEXT */
#include "certificates.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static int postponing;
static char *postponed;

void gradus_postpone_certificates(void) { postponing = 1; }

void gradus_stop_postponing_certificates(void) { postponing = 0; }

const char *gradus_postponed_certificates(void) { return postponed; }

/* From mbedtls/x509_crt.h: 0, or the number of certificates that could not be read, or a negative code. */
typedef int (*parse_file)(void *chain, const char *path);

int mbedtls_x509_crt_parse_file(void *chain, const char *path) {
    if (postponing) {
        free(postponed);
        postponed = strdup(path);
        if (postponed != NULL) return 0;
    }
    parse_file library = (parse_file)dlsym(RTLD_NEXT, "mbedtls_x509_crt_parse_file");
    /* MBEDTLS_ERR_X509_FILE_IO_ERROR: nobody but mbedTLS calls this, so that its own is always there. */
    return library == NULL ? -0x2900 : library(chain, path);
}
