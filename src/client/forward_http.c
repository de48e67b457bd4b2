/*
 * forward_http.c - see forward_http.h.
 */
#include "client/forward_http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The answer's body is of no use: its ids are known, and its errors may quote statements. */
static size_t
ignore(char *data, size_t size, size_t n, void *arg)
{
	return size * n;
}

bool
ecosys_forward_is_private(const char *url)
{
	CURLU	   *parts = curl_url();
	char	   *scheme = NULL;
	char	   *host = NULL;
	bool		result = false;

	if (parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
		curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK)
		result = strcmp(scheme, "https") == 0 || strcmp(host, "localhost") == 0 ||
			strcmp(host, "127.0.0.1") == 0 || strcmp(host, "[::1]") == 0;
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(parts);
	return result;
}

bool
ecosys_forward_http_open(ecosys_forward_http *http, const char *base, const char *key, const char *secret,
						 const char *version, const char *ca_file, long timeout)
{
	size_t		length = strlen(base);
	CURL	   *curl;

	memset(http, 0, sizeof(*http));
	while (length > 0 && base[length - 1] == '/')
		length--;
	http->url = malloc(length + sizeof("/statements"));
	http->curl = curl = curl_easy_init();
	if (http->url == NULL || curl == NULL)
		return false;
	sprintf(http->url, "%.*s/statements", (int) length, base);
	snprintf(http->version_header, sizeof(http->version_header), "X-Experience-API-Version: %s", version);
	curl_easy_setopt(curl, CURLOPT_URL, http->url);
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long) (CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long) CURLAUTH_BASIC);
	curl_easy_setopt(curl, CURLOPT_USERNAME, key);
	curl_easy_setopt(curl, CURLOPT_PASSWORD, secret);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 10L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, timeout);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "ecosys/" ECOSYS_VERSION);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
	if (ca_file != NULL)
		curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
	return true;
}

void
ecosys_forward_http_close(ecosys_forward_http *http)
{
	curl_easy_cleanup(http->curl);
	free(http->url);
}

static ecosys_forward_answer
answer_of(long status)
{
	switch (status)
	{
		case 200:
		case 204:
			return ECOSYS_FORWARD_TAKEN;
		case 400:
		case 409:
		case 413:
		case 422:
			return ECOSYS_FORWARD_REFUSED;
		case 408:
		case 425:
		case 429:
			return ECOSYS_FORWARD_LATER;
		default:
			return status >= 500 ? ECOSYS_FORWARD_LATER : ECOSYS_FORWARD_NEVER;
	}
}

void
ecosys_forward_post(ecosys_forward_http *http, const char *content_type, const char *body, size_t length,
					ecosys_forward_reply *reply)
{
	CURL	   *curl = http->curl;
	char		type[256];
	struct curl_slist *headers = NULL;
	CURLcode	code;

	memset(reply, 0, sizeof(*reply));
	snprintf(type, sizeof(type), "Content-Type: %s", content_type);
	headers = curl_slist_append(headers, type);
	headers = curl_slist_append(headers, http->version_header);
	headers = curl_slist_append(headers, "Expect:");	/* one round trip less */
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) length);
	code = curl_easy_perform(curl);
	curl_slist_free_all(headers);
	if (code != CURLE_OK)
	{
		bool		hopeless = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;

		reply->answer = hopeless ? ECOSYS_FORWARD_NEVER : ECOSYS_FORWARD_LATER;
		snprintf(reply->message, sizeof(reply->message), "%s", curl_easy_strerror(code));
	}
	else
	{
		curl_off_t	wait = 0;

		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status);
		curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait);
		reply->answer = answer_of(reply->status);
		reply->retry_after = (double) wait;
		snprintf(reply->message, sizeof(reply->message), "answered %ld", reply->status);
	}
}
