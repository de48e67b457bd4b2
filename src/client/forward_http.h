/*
 * forward_http.h - statements to another record store, by HTTP.
 */
#ifndef ECOSYS_FORWARD_HTTP_H
#define ECOSYS_FORWARD_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include <curl/curl.h>

typedef struct ecosys_forward_http
{
	CURL	   *curl;
	char	   *url;			/* of the resource statements */
	char		version_header[64];
} ecosys_forward_http;

/* What became of a request. */
typedef enum ecosys_forward_answer
{
	ECOSYS_FORWARD_TAKEN,		/* 200, 204 */
	ECOSYS_FORWARD_REFUSED,		/* something is wrong with a statement, or there is another one with its id */
	ECOSYS_FORWARD_LATER,		/* no answer, or one that says: try again */
	ECOSYS_FORWARD_NEVER		/* wrong address, wrong credentials: trying again would not help */
} ecosys_forward_answer;

typedef struct ecosys_forward_reply
{
	ecosys_forward_answer answer;
	long		status;			/* 0: none came */
	double		retry_after;	/* seconds that the answer asks to wait; 0: it does not */
	char		message[160];	/* what happened, without anything the target wrote */
} ecosys_forward_reply;

/* Whether credentials may be sent there: by https, or to this machine. */
extern bool ecosys_forward_is_private(const char *url);

/* base is the URL that /statements is added to; ca_file may be NULL. False: out of memory, or no such URL. */
extern bool ecosys_forward_http_open(ecosys_forward_http *http, const char *base, const char *key, const char *secret,
									 const char *version, const char *ca_file, long timeout);
extern void ecosys_forward_http_close(ecosys_forward_http *http);

extern void ecosys_forward_post(ecosys_forward_http *http, const char *content_type, const char *body, size_t length,
								ecosys_forward_reply *reply);

#endif							/* ECOSYS_FORWARD_HTTP_H */
