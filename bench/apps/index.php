<?php
// The sample app's short paths, for PHP-FPM behind a web server.
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/sleep') {
    usleep((int) ((float) ($_GET['ms'] ?? 20) * 1000));
}
header('Content-Type: text/plain');
header('Content-Length: 98');
echo str_repeat('x', 97), "\n";
