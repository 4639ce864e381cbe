namespace Grains.Streams.Kafka;

/// <summary>Numbers of this project's log entries: 1400–1499.</summary>
internal static class EventIds
{
    public const int Joined = 1400;
    public const int Left = 1401;
    public const int Assigned = 1402;
    public const int Revoked = 1403;
    public const int Lost = 1404;
    public const int ReleaseSlow = 1405;
    public const int ClassicInstead = 1406;
    public const int ConsumeInstead = 1407;
    public const int BrokerAway = 1410;
    public const int BrokerBack = 1411;
    public const int TopicAway = 1412;
    public const int TopicReplaced = 1413;
    public const int NameTaken = 1414;
    public const int SessionFailed = 1415;
    public const int RecordsGone = 1420;
    public const int PositionBeyondEnd = 1421;
    public const int PartitionError = 1422;
    public const int CommitRefused = 1430;
    public const int LettersWait = 1440;
    public const int LettersKept = 1441;
    public const int LetterDropped = 1442;
    public const int ClientLog = 1450;
    public const int StreamsTopicWaits = 1460;
    public const int StreamsPartitionsAdded = 1461;
    public const int StreamsTopicReplaced = 1462;
    public const int StreamsBrokerAway = 1463;
    public const int StreamsBrokerBack = 1464;
    public const int StreamsStartWaits = 1465;
    public const int StreamsStarted = 1466;
    public const int StreamsStopped = 1467;
    public const int StreamsPass = 1468;
    public const int StreamsUndeliverable = 1469;
    public const int StreamsTokenBeyondEnd = 1470;
    public const int StreamsGone = 1471;
    public const int StreamsBeyondEnd = 1472;
    public const int StreamsHistoryGone = 1473;
    public const int StreamsCommitRefused = 1474;
    public const int StreamsCut = 1475;
    public const int StreamsForeignToken = 1476;
    public const int StreamsTopicGone = 1477;
}
