cli.pkgs := yaml-0.1 jansson
cli.loop := epoll
