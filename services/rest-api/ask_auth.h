/*
 * ask_auth.h - who asks the API, and whether they may (contract 6.1)
 */
#ifndef API_ASK_AUTH_H
#define API_ASK_AUTH_H

struct ask;

/**
 * Basic authentication with an account's sid and token, or with an API key.
 * Fills q->account and q->caller_sid and calls @p next, now or later; or answers
 * 401 (wrong), 403 (suspended; an API key where only the token will do), 404
 * (another tenant's account), 429 (too often wrong from one source).
 */
void ask_auth(struct ask *q, void (*next)(struct ask *q));

#endif
