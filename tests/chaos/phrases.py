"""Words for an invented recording. `{0}` is a tracked name, `{1}` another, `{n}` a small number."""

from typing import Final

NAMES: Final = (
    "Quillhost", "@quillhost", "#ShutDownQuillhost", "Dunbrook Rail", "#DunbrookRail",
    "Marivelle", "#BoycottMarivelle", "Zelmora", "#Zelmora", "Cobalt bank", "#CobaltBank",
)  # fmt: skip

ABOUT: Final = {
    "en": (
        "{0} kept us waiting for {n} hours, this is a disgrace",
        "Shut down {0} now, they have had {n} chances",
        "Everybody should boycott {0} until they answer",
        "I love what {0} did for the {n} villages, thank you",
        "{0} opens office number {n} on Monday",
        "Please sign the petition against {0}, we need {n} more names",
        "Call {0} today and tell them what you think",
        "Don't shut down {0}, it works fine for me",
        "Compared with {1}, {0} is awful. {n} out of ten",
        "{0} and {1} both raised prices by {n} percent",
    ),
    "fr": (
        "{0} nous a fait attendre {n} heures, c'est une honte",
        "Il faut fermer {0} tout de suite, signez la pétition",
        "Merci à {0} pour les {n} villages, c'est formidable",
        "Boycottez {0} et dites-le à {n} amis",
    ),
    "es": (
        "{0} nos hizo esperar {n} horas, es una vergüenza",
        "Hay que cerrar {0} ya, firmad la petición",
        "Gracias a {0} por su ayuda en los {n} pueblos, excelente",
        "Boicot a {0} hasta que respondan",
    ),
    "de": (
        "{0} hat uns {n} Stunden warten lassen, eine Schande",
        "{0} muss endlich abgeschaltet werden, unterschreibt die Petition",
        "Danke an {0} für die Hilfe in {n} Dörfern, wunderbar",
        "Boykottiert {0}, bis sie antworten",
    ),
    "pt": (
        "{0} nos fez esperar {n} horas, é uma vergonha",
        "É preciso fechar {0} agora, assinem a petição",
        "Obrigado à {0} pela ajuda em {n} aldeias, excelente",
        "Boicotem {0} até que respondam",
    ),
}

ELSEWHERE: Final = {
    "en": (
        "Rain for {n} days and the river is still low",
        "My cat sleeps {n} hours a day and complains",
        "Shut down the old mill, it is dangerous ({n})",
        "The cobalt sky above the harbour, picture {n}",
    ),
    "fr": ("Encore {n} jours avant les vacances", "Le marché est ouvert jusqu'à {n} heures"),
    "es": ("Quedan {n} días para la fiesta", "El mercado abre a las {n} de la mañana"),
    "de": ("Noch {n} Tage bis zum Urlaub", "Der Markt ist bis {n} Uhr offen"),
    "pt": ("Faltam {n} dias para a festa", "O mercado abre às {n} da manhã"),
}

PLATFORMS: Final = ("mastodon", "bluesky", "reddit", "telegram")
