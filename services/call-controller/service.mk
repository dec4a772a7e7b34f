call-controller.pkgs := sofia-sip-ua libxml-2.0 jansson libcrypto
call-controller.loop := su
