/*
 * tls.c - applications behind TLS, with good and bad certificates
 */
#include "tls.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

enum { DAY_S = 24 * 3600 };

static struct {
	EVP_PKEY *key;
	X509 *cert;
} authority;

/* A listening socket and what is shown on it */
struct server {
	int fd;
	SSL_CTX *ctx;
};

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void extend(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	must(e && X509_add_ext(cert, e, -1));
	X509_EXTENSION_free(e);
}

/* Signed by @p issuer's key, by itself when that is NULL */
static X509 *make_cert(EVP_PKEY *key, const char *name, X509 *issuer,
                       long until_s)
{
	X509 *cert = X509_new();
	X509_NAME *subject = X509_NAME_new();

	must(cert && subject);
	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), random());
	X509_gmtime_adj(X509_getm_notBefore(cert), -2L * DAY_S);
	X509_gmtime_adj(X509_getm_notAfter(cert), until_s);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
	                           (const unsigned char *)name, -1, -1, 0);
	X509_set_subject_name(cert, subject);
	X509_set_issuer_name(cert,
	                     issuer ? X509_get_subject_name(issuer) : subject);
	X509_set_pubkey(cert, key);
	X509_NAME_free(subject);
	return cert;
}

void tls_authority(const char *path)
{
	FILE *out = fopen(path, "w");

	must(out);
	authority.key = EVP_EC_gen("P-256");
	authority.cert =
		make_cert(authority.key, "Test authority", NULL, 10L * DAY_S);
	extend(authority.cert, NID_basic_constraints, "critical,CA:TRUE");
	must(X509_sign(authority.cert, authority.key, EVP_sha256()));
	must(PEM_write_X509(out, authority.cert));
	fclose(out);
}

static SSL_CTX *make_context(const char *address, enum tls_kind kind)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	bool own = kind == TLS_SELF_SIGNED;
	X509 *cert = make_cert(key, "application", own ? NULL : authority.cert,
	                       kind == TLS_EXPIRED ? -DAY_S : DAY_S);
	char name[64];

	must(ctx && key && cert);
	(void)snprintf(name, sizeof(name), "IP:%s",
	               kind == TLS_WRONG_NAME ? "127.0.3.99" : address);
	extend(cert, NID_subject_alt_name, name);
	must(X509_sign(cert, own ? key : authority.key, EVP_sha256()));
	must(SSL_CTX_use_certificate(ctx, cert) == 1);
	must(SSL_CTX_use_PrivateKey(ctx, key) == 1);
	if (kind == TLS_OLD) {
		SSL_CTX_set_security_level(ctx, 0);
		SSL_CTX_set_max_proto_version(ctx, TLS1_1_VERSION);
	}
	return ctx;
}

static void serve_one(SSL *ssl)
{
	static const char reply[] =
		"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
		"Content-Length: 11\r\nConnection: close\r\n\r\n<Response/>";
	char request[8192];

	if (SSL_accept(ssl) == 1 && SSL_read(ssl, request, sizeof(request)) > 0)
		SSL_write(ssl, reply, sizeof(reply) - 1);
	SSL_shutdown(ssl);
}

static void *serve(void *arg)
{
	struct server *s = arg;
	int fd;

	while ((fd = accept(s->fd, NULL, NULL)) >= 0) {
		SSL *ssl = SSL_new(s->ctx);

		must(ssl && SSL_set_fd(ssl, fd));
		serve_one(ssl);
		SSL_free(ssl);
		close(fd);
	}
	return NULL;
}

uint16_t tls_start(const char *address, enum tls_kind kind)
{
	struct server *s = calloc(1, sizeof(*s));
	struct sockaddr_in in = {.sin_family = AF_INET};
	socklen_t len = sizeof(in);
	pthread_t thread;

	must(s);
	s->ctx = make_context(address, kind);
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	inet_pton(AF_INET, address, &in.sin_addr);
	must(bind(s->fd, (struct sockaddr *)&in, sizeof(in)) == 0);
	must(listen(s->fd, 16) == 0);
	must(getsockname(s->fd, (struct sockaddr *)&in, &len) == 0);
	must(pthread_create(&thread, NULL, serve, s) == 0);
	pthread_detach(thread);
	return ntohs(in.sin_port);
}
