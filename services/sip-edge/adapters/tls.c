/*
 * tls.c - our certificate, whom we believe, and the sessions made from both
 */
#include "tls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/log.h"
#include "core/address.h"

enum { PATH_SIZE = 512 };

struct tls {
	const struct log *log; /* borrowed */
	char agent[PATH_SIZE];
	char authorities[PATH_SIZE];
	struct timespec changed; /* agent.pem */
	SSL_CTX *server, *client;
};

static const char *reason(void)
{
	const char *text = ERR_reason_error_string(ERR_peek_last_error());

	ERR_clear_error();
	return text ? text : "unknown error";
}

static SSL_CTX *make(const struct tls *tls, const SSL_METHOD *method)
{
	SSL_CTX *ctx = SSL_CTX_new(method);

	if (!ctx)
		return NULL;
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_use_certificate_chain_file(ctx, tls->agent) != 1 ||
	    SSL_CTX_use_PrivateKey_file(ctx, tls->agent, SSL_FILETYPE_PEM) !=
	            1 ||
	    SSL_CTX_check_private_key(ctx) != 1) {
		log_error(tls->log,
		          "cannot use %s (%s): put our certificate chain and "
		          "its key there, PEM",
		          tls->agent, reason());
		SSL_CTX_free(ctx);
		return NULL;
	}
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
	                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
	                              SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_options(ctx,
	                    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	return ctx;
}

static void believe(const struct tls *tls, SSL_CTX *client)
{
	struct stat st;

	SSL_CTX_set_verify(client, SSL_VERIFY_PEER, NULL);
	(void)SSL_CTX_set_default_verify_paths(client);
	if (stat(tls->authorities, &st) == 0 &&
	    SSL_CTX_load_verify_locations(client, tls->authorities, NULL) != 1)
		log_warn(tls->log, "cannot read %s (%s)", tls->authorities,
		         reason());
}

static int load(struct tls *tls)
{
	struct stat st;
	SSL_CTX *server;
	SSL_CTX *client;

	if (stat(tls->agent, &st) != 0) {
		log_error(tls->log,
		          "cannot find %s: set TRESTLE_TLS_CERTIFICATES to a "
		          "directory that has it, or to nothing for no TLS",
		          tls->agent);
		return EINVAL;
	}
	tls->changed = st.st_mtim;
	server = make(tls, TLS_server_method());
	client = server ? make(tls, TLS_client_method()) : NULL;
	if (!client) {
		SSL_CTX_free(server);
		return EINVAL;
	}
	believe(tls, client);
	SSL_CTX_free(tls->server);
	SSL_CTX_free(tls->client);
	tls->server = server;
	tls->client = client;
	return 0;
}

int tls_alloc(struct tls **tp, const char *dir, const struct log *log)
{
	struct tls *tls = calloc(1, sizeof(*tls));
	int err = ENOMEM;

	if (!tls)
		goto out;
	tls->log = log;
	(void)snprintf(tls->agent, PATH_SIZE, "%s/agent.pem", dir);
	(void)snprintf(tls->authorities, PATH_SIZE, "%s/cafile.pem", dir);
	err = load(tls);
out:
	if (err)
		tls_free(tls);
	else
		*tp = tls;
	return err;
}

void tls_free(struct tls *tls)
{
	if (!tls)
		return;
	SSL_CTX_free(tls->server);
	SSL_CTX_free(tls->client);
	free(tls);
}

void tls_refresh(struct tls *tls)
{
	struct stat st;

	if (stat(tls->agent, &st) != 0 ||
	    (st.st_mtim.tv_sec == tls->changed.tv_sec &&
	     st.st_mtim.tv_nsec == tls->changed.tv_nsec))
		return;
	if (load(tls) == 0)
		log_info(tls->log, "new certificate from %s", tls->agent);
}

SSL *tls_server(struct tls *tls, int fd)
{
	SSL *ssl = SSL_new(tls->server);

	if (ssl && SSL_set_fd(ssl, fd) != 1) {
		SSL_free(ssl);
		return NULL;
	}
	if (ssl)
		SSL_set_accept_state(ssl);
	return ssl;
}

SSL *tls_client(struct tls *tls, int fd, const char *name)
{
	SSL *ssl = SSL_new(tls->client);
	struct address ip;
	int ok;

	if (!ssl)
		return NULL;
	if (address_parse_ip(&ip, slice_str(name)))
		ok = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name);
	else
		ok = SSL_set1_host(ssl, name) == 1 &&
		     SSL_set_tlsext_host_name(ssl, name) == 1;
	if (ok != 1 || SSL_set_fd(ssl, fd) != 1) {
		SSL_free(ssl);
		return NULL;
	}
	SSL_set_connect_state(ssl);
	return ssl;
}
