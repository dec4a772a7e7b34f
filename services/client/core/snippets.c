/*
 * snippets.c - the lines that point a helper library at another host
 *
 * Pure: no I/O.
 */
#include "snippets.h"

#include <string.h>

#include "base/strbuf.h"

// clang-format off
const struct snippet snippets[] = {
	{"node",
		"const twilio = require('twilio');\n"
		"class Trestle extends twilio.RequestClient {\n"
		"	request(o) {\n"
		"		return super.request({...o,\n"
		"			uri: o.uri.replace(/^https:\\/\\/[^/]+/, '{API}')});\n"
		"	}\n"
		"}\n"
		"const client = twilio('{ACCOUNT}', process.env.TRESTLE_TOKEN,\n"
		"	{httpClient: new Trestle()});\n"},
	{"python",
		"import os, re\n"
		"from twilio.http.http_client import TwilioHttpClient\n"
		"from twilio.rest import Client\n"
		"class Trestle(TwilioHttpClient):\n"
		"    def request(self, method, url, *args, **kwargs):\n"
		"        url = re.sub(r'^https://[^/]+', '{API}', url)\n"
		"        return super().request(method, url, *args, **kwargs)\n"
		"client = Client('{ACCOUNT}', os.environ['TRESTLE_TOKEN'], http_client=Trestle())\n"},
	{"ruby",
		"require 'twilio-ruby'\n"
		"class Trestle < Twilio::HTTP::Client\n"
		"  def request(host, port, method, url, *rest)\n"
		"    super(host, port, method, url.sub(%r{^https://[^/]+}, '{API}'), *rest)\n"
		"  end\n"
		"end\n"
		"client = Twilio::REST::Client.new('{ACCOUNT}', ENV['TRESTLE_TOKEN'], nil, nil, Trestle.new)\n"},
	{"php",
		"class Trestle extends \\Twilio\\Http\\CurlClient {\n"
		"	public function request(string $method, string $url, ...$rest): \\Twilio\\Http\\Response {\n"
		"		return parent::request($method,\n"
		"			preg_replace('~^https://[^/]+~', '{API}', $url), ...$rest);\n"
		"	}\n"
		"}\n"
		"$client = new \\Twilio\\Rest\\Client('{ACCOUNT}', getenv('TRESTLE_TOKEN'),\n"
		"	null, null, new Trestle());\n"},
	{"csharp",
		"class Trestle : DelegatingHandler {\n"
		"	public Trestle() : base(new HttpClientHandler()) {}\n"
		"	protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage m, CancellationToken t) {\n"
		"		m.RequestUri = new Uri(new Uri(\"{API}\"), m.RequestUri.PathAndQuery);\n"
		"		return base.SendAsync(m, t);\n"
		"	}\n"
		"}\n"
		"TwilioClient.SetRestClient(new TwilioRestClient(\"{ACCOUNT}\",\n"
		"	Environment.GetEnvironmentVariable(\"TRESTLE_TOKEN\"),\n"
		"	httpClient: new SystemNetHttpClient(new System.Net.Http.HttpClient(new Trestle()))));\n"},
	{"go",
		"type trestle struct{}\n"
		"func (trestle) RoundTrip(r *http.Request) (*http.Response, error) {\n"
		"	to, _ := url.Parse(\"{API}\")\n"
		"	r.URL.Scheme, r.URL.Host = to.Scheme, to.Host\n"
		"	return http.DefaultTransport.RoundTrip(r)\n"
		"}\n"
		"c := &client.Client{Credentials: client.NewCredentials(\"{ACCOUNT}\", os.Getenv(\"TRESTLE_TOKEN\")),\n"
		"	HTTPClient: &http.Client{Transport: trestle{}}}\n"
		"c.SetAccountSid(\"{ACCOUNT}\")\n"
		"rest := twilio.NewRestClientWithParams(twilio.ClientParams{Client: c})\n"},
	{"java",
		"# its requests are not open to a change: use the proxy\n"
		"deploy/proxy/start {API} 8443 &\n"
		"keytool -importcert -noprompt -file build/proxy/ca.pem -alias trestle \\\n"
		"	-keystore trestle.jks -storepass changeit\n"
		"java -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=8443 \\\n"
		"	-Djavax.net.ssl.trustStore=trestle.jks -jar application.jar\n"},
	{NULL, NULL},
};
// clang-format on

void snippet_fill(struct strbuf *b, const char *text, const char *api,
                  const char *account)
{
	static const char api_place[] = "{API}", account_place[] = "{ACCOUNT}";

	while (*text) {
		if (strncmp(text, api_place, sizeof(api_place) - 1) == 0) {
			strbuf_add(b, api);
			text += sizeof(api_place) - 1;
		} else if (strncmp(text, account_place,
		                   sizeof(account_place) - 1) == 0) {
			strbuf_add(b, account);
			text += sizeof(account_place) - 1;
		} else {
			strbuf_addc(b, *text++);
		}
	}
}
