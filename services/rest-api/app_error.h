/*
 * app_error.h - errors of the API, as JSON (contract 6.1, 6.8)
 */
#ifndef API_APP_ERROR_H
#define API_APP_ERROR_H

struct http_request;

enum app_error {
	APP_ERROR_WHO,       /**< 401: not that account's token          */
	APP_ERROR_MISSING,   /**< 404                                    */
	APP_ERROR_METHOD,    /**< 405                                    */
	APP_ERROR_PARAMETER, /**< 400: a value out of range              */
	APP_ERROR_CHANNELS,  /**< 400: two channels of a mono recording  */
	APP_ERROR_RECORDING, /**< 409: it is still being recorded        */
	APP_ERROR_TOO_MANY,  /**< 429: too many wrong passwords          */
	APP_ERROR_BUSY,      /**< 503: too much waits                    */
	APP_ERROR_AWAY,      /**< 503: a process or Redis is away        */
	APP_ERROR_INTERNAL   /**< 500                                    */
};

void app_error_reply(struct http_request *r, enum app_error error);

#endif
