registrar.pkgs := sofia-sip-ua jansson
registrar.loop := epoll
