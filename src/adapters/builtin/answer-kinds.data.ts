/** Words by which kinds of answers are recognised, over all languages at once. Data only. */
export const DURATION_UNITS =
  'seconds?|minutes?|mins?|hours?|days?|workdays?|weeks?|fortnights?|months?|quarters?|years?|nights?|sekunden?|minuten?|stunden?|tagen?|tage?s?|arbeitstagen?|werktagen?|wochen?|monaten?|monate?|jahren?|jahre?|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?|jours?|semaines?|mois|ans?|heures?'

export const NUMBER_WORDS =
  'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|half|double|twice|once|unlimited|no limit|none|eine?[rnms]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|doppelt|halb|unbegrenzt|uno?|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|quince|veinte|treinta|medio|media|ilimitad[oa]|deux|trois|quatre|cinq|six|sept|huit|neuf|dix'

export const MONTH_NAMES =
  'january|february|march|april|may(?= \\d)|(?<=\\d )may|june|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre'

export const WEEKDAYS =
  'mon|tues?|wednes|thurs?|fri|satur|sun'.replace(/\w+\??/gu, '$&day') +
  's?|montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonntags?|lunes|martes|miércoles|jueves|viernes|sábados?|domingos?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche'

export const FREQUENCY_WORDS =
  'daily|weekly|fortnightly|bi-?weekly|monthly|quarterly|yearly|annual(?:ly)?|bi-?annual(?:ly)?|hourly|nightly|once|twice|times (?:a|per)|every|each|per (?:day|week|month|quarter|year)|a (?:day|week|month|year)|täglich|wöchentlich|monatlich|vierteljährlich|quartalsweise|jährlich|alle|jede[nrsm]?|pro (?:tag|woche|monat|jahr)|mal im|cada|diari[oa]|semanal(?:mente)?|mensual(?:mente)?|trimestral(?:mente)?|anual(?:mente)?|al (?:día|mes|año)|por (?:semana|mes|año)|chaque|tous les'

export const EVENT_WORDS =
  'before|after|until|till|when|once|as soon as|by the|end of|start of|beginning of|immediately|at once|straight away|same day|next (?:day|month|week)|vor|nach|bis|sobald|sofort|unverzüglich|spätestens|ende|anfang|umgehend|antes|después|hasta|cuando|inmediatamente|final(?:es)? de|principios? de|avant|après|dès|immédiatement'

export const ROLE_WORDS =
  'managers?|line manager|team|teams|heads?|leads?|director|directors|officers?|president|ceo|cfo|cto|coo|cio|ciso|dpo|hr|human resources|people (?:team|operations)|department|board|committee|council|desk|helpdesk|service desk|support|reception|receptionist|facilities|finance|payroll|legal|procurement|security|it|owner|owners|chair|secretary|partner|supervisor|specialist|coordinator|administrator|engineer|accountant|buddy|mentor|nurse|doctor|controller|auditor|employees?|everyone|anyone|nobody|staff|leitung|leiter(?:in)?|abteilung|vorgesetzten?r?|teamleitung|geschäftsführ(?:ung|er|erin)|betriebsrat|personalabteilung|vorstand|beauftragten?r?|empfang|buchhaltung|führungskraft|werksleitung|schichtleit(?:er|ung|erin)|meister|ansprechpartner(?:in)?|sicherheitsbeauftragte[rn]?|responsable|jef[ea]|gerente|equipo|departamento|director[a]?|dirección|comité|recursos humanos|recepción|encargad[oa]|supervisor[a]?|coordinador[a]?|administración|almacén|chef|équipe|direction|service|comité'

export const WIDE_ROLES =
  /上司|上長|部長|課長|係長|社長|担当|部門|部|課|チーム|責任者|管理者|窓口|マネージャー|人事|総務|経理|リーダー|さん|氏/u

export const PLACE_WORDS =
  'building|floor|room|office|lobby|reception|entrance|garage|car park|parking|kitchen|canteen|cafeteria|basement|intranet|portal|page|folder|drive|channel|wiki|website|form|app|tool|system|cabinet|locker|store|street|road|site|campus|headquarters|warehouse|yard|assembly point|meeting point|gebäude|stock(?:werk)?|etage|raum|zimmer|büro|halle|eingang|empfang|tiefgarage|parkplatz|kantine|keller|lager|straße|sammelplatz|schrank|formular|edificio|planta|piso|sala|oficina|entrada|recepción|garaje|aparcamiento|almacén|calle|cocina|portal|bâtiment|étage|salle|bureau'

export const WIDE_PLACES = /階|室|館|号|ビル|オフィス|受付|場所|駐車場|倉庫|ポータル|システム|サイト|本社|支社|にて|から/u

export const REASON_WORDS =
  'because|since|so that|in order to|due to|reason|as a result|to (?:avoid|prevent|protect|ensure|keep|reduce)|therefore|weil|damit|denn|da|um|wegen|aufgrund|deshalb|grund|porque|para|debido|ya que|por eso|motivo|parce que|afin|car|pour'
