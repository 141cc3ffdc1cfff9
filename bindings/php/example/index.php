<?php

// Sessions of organizations, guarded: `php -d ffi.enable=1 -S 127.0.0.1:8080 example/index.php`.
// Records and facts are files of JSON beside this; a store of yours asks a database instead.

declare(strict_types=1);

require __DIR__ . '/../CogAuth.php';

use CogAuth\{EdgeKeys, Gate, Policy};

// The file's text, or null if there is none. Anything else that goes wrong throws: that is a store
// that cannot be asked. An id is one of the store's, and names no path.
function stored(string $folder, string $id): ?string
{
    $path = (getenv('STORE') ?: __DIR__) . "/$folder";
    $names = @scandir($path) ?: throw new RuntimeException("$path cannot be read");
    if (!in_array("$id.json", $names, true)) {
        return null;
    }
    return file_get_contents("$path/$id.json") ?: throw new RuntimeException("$id is empty");
}

$record = fn (string $id) => stored('records', $id);
$facts = function (string $principal, ?string $organization): ?string {
    $known = ['principal' => stored('principals', $principal)];
    if ($known['principal'] === null) {
        return null;
    }
    if ($organization !== null) {
        $known['organization'] = stored('organizations', $organization);
    }
    return json_encode(array_map(json_decode(...), array_filter($known)), JSON_THROW_ON_ERROR);
};

$keys = new EdgeKeys(file_get_contents(__DIR__ . '/edge-keys.json'));
$gate = new Gate(Policy::builtin(), $keys, realm: 'example');
$outcome = $gate->requireAllowed($record, $facts);

header('content-type: text/plain');
echo "{$outcome->principal['id']} may {$outcome->action}\n";
