sip-edge.pkgs := sofia-sip-ua openssl
sip-edge.loop := su
