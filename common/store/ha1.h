/*
 * ha1.h - what is kept of a password: H(username:realm:password)
 *
 * RFC 7616 3.4.2. Pure: OpenSSL's digests and nothing else.
 */
#ifndef STORE_HA1_H
#define STORE_HA1_H

struct ha1 {
	char md5[33]; /**< hexadecimal, lower case */
	char sha256[65];
};

/** @return 0, or ENOMEM when the digest could not be made */
int ha1_make(struct ha1 *out, const char *username, const char *realm,
             const char *password);

#endif
