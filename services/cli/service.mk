cli.pkgs := yaml-0.1 jansson libxml-2.0
cli.loop := epoll
