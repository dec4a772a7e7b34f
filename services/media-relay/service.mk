media-relay.pkgs := spandsp opus jansson
media-relay.loop := epoll
