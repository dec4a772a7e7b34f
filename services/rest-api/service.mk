rest-api.pkgs :=
rest-api.loop := epoll
