/*
 * xml.h - a JSON answer as XML, for paths without `.json` (contract 6.1)
 *
 *     {"sid":"SD…","secure":false}   <Domain><Sid>SD…</Sid><Secure>false</Secure></Domain>
 *
 * Pure: no I/O.
 */
#ifndef API_CORE_XML_H
#define API_CORE_XML_H

#include <jansson.h>

/**
 * `<TwilioResponse><Name>…</Name></TwilioResponse>`: members become elements in
 * CamelCase, members of an array elements with the singular of its name, null an
 * empty element. Members of a list that tell its page become attributes.
 *
 * @param name of the element of @p json
 * @return owned by the caller; NULL = memory ran out
 */
char *xml_document(const char *name, const json_t *json);

#endif
