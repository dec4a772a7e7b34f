media-relay.pkgs := spandsp opus speexdsp jansson
media-relay.loop := epoll
